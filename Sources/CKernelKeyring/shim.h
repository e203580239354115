// The kernel's keyrings (keyctl(2)), for which libc has no functions. Each returns -1 and sets errno where it fails.
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/keyctl.h>
#include <sys/syscall.h>

// Makes a key that belongs to this process alone, until it is linked elsewhere.
static inline int32_t byline_key_make(const char *name, const void *bytes, size_t count) {
    return (int32_t)syscall(SYS_add_key, "user", name, bytes, count, KEY_SPEC_PROCESS_KEYRING);
}

// Lets the key's own user do everything with it, and nobody else anything.
static inline int32_t byline_key_keep_to_user(int32_t key) {
    return (int32_t)syscall(SYS_keyctl, KEYCTL_SETPERM, key, 0x3f3f0000);
}

// Puts the key into its user's keyring, in place of one of the same name.
static inline int32_t byline_key_link(int32_t key) {
    return (int32_t)syscall(SYS_keyctl, KEYCTL_LINK, key, KEY_SPEC_USER_KEYRING);
}

static inline int32_t byline_key_find(const char *name) {
    return (int32_t)syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "user", name, 0);
}

// How long the key's content is; as much of it as there is room for is copied.
static inline int64_t byline_key_read(int32_t key, void *bytes, size_t room) {
    return syscall(SYS_keyctl, KEYCTL_READ, key, bytes, room);
}

static inline int32_t byline_key_unlink(int32_t key) {
    return (int32_t)syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_USER_KEYRING);
}
#else
static inline int32_t byline_key_none(void) {
    errno = ENOSYS;
    return -1;
}
static inline int32_t byline_key_make(const char *name, const void *bytes, size_t count) { return byline_key_none(); }
static inline int32_t byline_key_keep_to_user(int32_t key) { return byline_key_none(); }
static inline int32_t byline_key_link(int32_t key) { return byline_key_none(); }
static inline int32_t byline_key_find(const char *name) { return byline_key_none(); }
static inline int64_t byline_key_read(int32_t key, void *bytes, size_t room) { return byline_key_none(); }
static inline int32_t byline_key_unlink(int32_t key) { return byline_key_none(); }
#endif
