import LocalState
public import Tagging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The processes that this one descends from. Linux tells it in /proc; elsewhere none are known.
public enum ProcessAncestry {
    /// Deeper than this nobody looks.
    private static let depth = 32
    /// What only starts another program on a tool's behalf.
    private static let launchers: Set<String> = [
        "sh", "ash", "bash", "dash", "fish", "ksh", "zsh", "env", "nice", "setsid", "stdbuf", "timeout",
    ]

    /// This process' ancestors, the nearest first, without the machine's first process.
    public static func own() -> [ProcessIdentity] { ancestors(of: getpid()) }

    /// A process' ancestors, the nearest first.
    public static func ancestors(of pid: Int32) -> [ProcessIdentity] { walk(from: pid).map(\.identity) }

    /// The tool whose hook this process is: the nearest ancestor that is no shell and no launcher, and of the processes of
    /// that name which it descends from the first, because a tool's parts start hooks and commands each on their own.
    public static func ownTool() -> ProcessIdentity? {
        let chain = walk(from: getpid()).drop { launchers.contains($0.name) }
        return chain.prefix { $0.name == chain.first?.name }.last?.identity
    }

    /// One line of /proc/PID/stat.
    struct Entry: Equatable {
        let name: String
        let parent: Int32
        let start: UInt64

        /// Reads `PID (NAME) STATE PARENT …`; the name may hold anything, parentheses too.
        init?(_ text: String) {
            let bytes = Array(text.utf8)
            guard let open = bytes.firstIndex(of: UInt8(ascii: "(")),
                let close = bytes.lastIndex(of: UInt8(ascii: ")")), open < close
            else { return nil }
            let fields = bytes[(close + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 20).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard fields.count > 19, let parent = Int32(fields[1]), let start = UInt64(fields[19]) else { return nil }
            name = String(decoding: bytes[(open + 1)..<close], as: UTF8.self)
            self.parent = parent
            self.start = start
        }
    }

    private static func walk(from pid: Int32) -> [(identity: ProcessIdentity, name: String)] {
        var found: [(identity: ProcessIdentity, name: String)] = []
        var next = entry(pid)?.parent ?? 0
        while next > 1, found.count < depth, let entry = entry(next) {
            found.append((ProcessIdentity(pid: next, start: entry.start), entry.name))
            next = entry.parent
        }
        return found
    }

    private static func entry(_ pid: Int32) -> Entry? {
        guard let bytes = try? PrivateFile.readShared("/proc/\(pid)/stat") else { return nil }
        return Entry(String(decoding: bytes, as: UTF8.self))
    }
}
