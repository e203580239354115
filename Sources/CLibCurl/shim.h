// libcurl for Swift: curl_easy_setopt, curl_easy_getinfo and their like are variadic, which Swift cannot call, so each
// kind of argument has a function of its own here.
#ifndef BYLINE_CLIBCURL_SHIM_H
#define BYLINE_CLIBCURL_SHIM_H

#include <curl/curl.h>

static inline CURLcode byline_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode byline_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode byline_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode byline_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode byline_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

// The option copies the bytes (CURL_BLOB_COPY).
static inline CURLcode byline_curl_set_blob(CURL *handle, CURLoption option, void *bytes, size_t count) {
    struct curl_blob blob = {.data = bytes, .len = count, .flags = CURL_BLOB_COPY};
    return curl_easy_setopt(handle, option, &blob);
}

typedef size_t (*byline_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode byline_curl_set_callback(CURL *handle, CURLoption option, byline_curl_data_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}

static inline CURLcode byline_curl_get_socket(CURL *handle, curl_socket_t *socket) {
    return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, socket);
}

static inline CURLMcode byline_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

// A message's result lies in a union that Swift sees as bytes.
static inline CURLcode byline_curl_message_result(const CURLMsg *message) { return message->data.result; }

#endif
