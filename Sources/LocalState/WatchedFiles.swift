#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files whose change is to be noticed. They are looked at, not subscribed to: what a file's name leads to may be
/// exchanged by a rename or through symbolic links, as Kubernetes does with mounted Secrets, and every filesystem tells
/// it this way.
public struct WatchedFiles: Sendable {
    private struct Look: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    private let paths: [String]
    private var looks: [Look?]

    public init(_ paths: [String]) {
        self.paths = paths
        looks = paths.map(Self.look)
    }

    /// True where a file is not what it was at the last look; this is a look as well.
    public mutating func haveChanged() -> Bool {
        let now = paths.map(Self.look)
        defer { looks = now }
        return now != looks
    }

    /// Takes the files as they are.
    public mutating func look() { looks = paths.map(Self.look) }

    private static func look(_ path: String) -> Look? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Look(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }
}
