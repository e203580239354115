// libcurl for Swift: curl_easy_setopt, curl_easy_getinfo and their like are variadic, which Swift cannot call, so each
// kind of argument has a function of its own here.
#ifndef BYLINE_CLIBCURL_SHIM_H
#define BYLINE_CLIBCURL_SHIM_H

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/socket.h>

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

// libcurl opens sockets that a child process inherits. A connection to the gateway must end when this program ends it,
// and must not be in the hands of the command that it runs.
static inline curl_socket_t byline_curl_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)context;
    (void)purpose;
#ifdef SOCK_CLOEXEC
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    int descriptor = socket(address->family, address->socktype, address->protocol);
    if (descriptor >= 0) { fcntl(descriptor, F_SETFD, FD_CLOEXEC); }
    return descriptor;
#endif
}

static inline CURLcode byline_curl_set_private_sockets(CURL *handle) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, byline_curl_open_socket);
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
