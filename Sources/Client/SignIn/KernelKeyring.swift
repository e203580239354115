import CKernelKeyring

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The keyring that Linux has for each user (user-keyring(7)). What is in it lies on no disk, and is gone when the user's
/// last process is.
enum KernelKeyring {
    /// Why a key cannot be kept: where there are no keyrings, as in most containers, or no room is left in this one.
    struct Refusal: Error {
        let code: Int32

        var cause: String { String(cString: strerror(code)) }
    }

    /// The longest content of a key, in bytes.
    private static let limit = 32_767

    /// Keeps a secret under a name, in place of the one before.
    static func store(_ secret: [UInt8], as name: String) throws(Refusal) {
        // Made where this process owns it: only so may its rights be set, whatever session the process is in.
        let key = byline_key_make(name, secret, secret.count)
        guard key >= 0, byline_key_keep_to_user(key) >= 0, byline_key_link(key) >= 0 else {
            throw Refusal(code: errno)
        }
    }

    /// The secret under a name; nil where there is none, or no keyring.
    static func load(_ name: String) -> [UInt8]? {
        let key = byline_key_find(name)
        guard key >= 0 else { return nil }
        var isRead = false
        let secret = [UInt8](unsafeUninitializedCapacity: limit) { bytes, count in
            let length = byline_key_read(key, bytes.baseAddress, limit)
            isRead = length >= 0 && length <= limit
            count = isRead ? Int(length) : 0
        }
        return isRead ? secret : nil
    }

    /// Forgets the secret under a name, where there is one.
    static func remove(_ name: String) {
        let key = byline_key_find(name)
        if key >= 0 { _ = byline_key_unlink(key) }
    }
}
