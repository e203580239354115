#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What went wrong with a file or folder: the operation, the path, the cause.
public struct FileFault: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// The system call's `errno`.
        case system(errno: Int32)
        /// The file belongs to someone else.
        case wrongOwner(uid: UInt32)
        /// Others can read or write what is private; the mode's permission bits.
        case tooOpen(mode: UInt32)
        /// Longer than it may be, in bytes.
        case tooLarge(limit: Int)
        /// Another process holds its lock.
        case locked
    }

    /// What was tried: a verb, as "read" or "create".
    public let operation: String
    public let path: String
    public let reason: Reason

    public init(_ operation: String, _ path: String, _ reason: Reason) {
        self.operation = operation
        self.path = path
        self.reason = reason
    }

    /// A fault of the system call that has just failed.
    public static func lastError(_ operation: String, _ path: String) -> FileFault {
        FileFault(operation, path, .system(errno: errno))
    }

    /// True where the file is simply not there.
    public var isMissing: Bool { reason == .system(errno: ENOENT) }
}

extension FileFault: CustomStringConvertible {
    /// "cannot OPERATION PATH: CAUSE", without a full stop.
    public var description: String { "cannot \(operation) \(path): \(cause)" }

    private var cause: String {
        switch reason {
        case .system(let code): String(cString: strerror(code))
        case .wrongOwner(let uid): "it belongs to uid \(uid), not to you (uid \(geteuid()))"
        case .tooOpen(let mode):
            "its mode is 0\(String(mode, radix: 8)), others can reach it; run: chmod go= \(path)"
        case .tooLarge(let limit): "it is larger than \(limit) bytes"
        case .locked: "another process is using it"
        }
    }
}
