#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An advisory lock on a file of its own (flock), held until the value goes away or the process ends, however it ends.
public struct FileLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Takes the lock, or fails at once with `FileFault.Reason.locked`.
    public init(_ path: String) throws(FileFault) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .lastError("create", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let fault: FileFault = errno == EWOULDBLOCK ? FileFault("lock", path, .locked) : .lastError("lock", path)
            close(descriptor)
            throw fault
        }
    }

    deinit { close(descriptor) }
}
