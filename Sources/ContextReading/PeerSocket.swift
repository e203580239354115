import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The other end of a loopback connection, as Linux knows it; elsewhere nothing is found.
public struct PeerSocket: Sendable, Equatable {
    public let uid: UInt32
    let inode: UInt64

    /// The socket that is bound to loopback port `from` and connected to `to`.
    public static func find(from: Int, to: Int) -> PeerSocket? {
        #if os(Linux)
            switch SocketDiagnosis.find(from: from, to: to) {
            case .found(let socket): return socket
            case .none: return nil
            case .refused: break
            }
        #endif
        return findInTables(from: from, to: to)
    }

    /// Where the kernel cannot be asked for one socket, it lists them all.
    public static func findInTables(from: Int, to: Int) -> PeerSocket? {
        for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
            if let bytes = try? PrivateFile.readShared(table), let found = find(from, to, in: bytes) { return found }
        }
        return nil
    }

    /// Reads lines of `N: LOCAL:PORT REMOTE:PORT STATE QUEUES TIMERS RETRANSMISSIONS UID TIMEOUT INODE …`.
    static func find(_ from: Int, _ to: Int, in table: [UInt8]) -> PeerSocket? {
        let (local, remote) = (hexadecimal(from), hexadecimal(to))
        for line in table.split(separator: 0x0A).dropFirst() where connects(line, local, remote) {
            let fields = line.split(separator: 0x20, maxSplits: 10)
            guard fields.count > 9, port(fields[1]) == from, port(fields[2]) == to, isLoopback(fields[1]) else {
                continue
            }
            guard let uid = UInt32(String(decoding: fields[7], as: UTF8.self)),
                let inode = UInt64(String(decoding: fields[9], as: UTF8.self)), inode != 0
            else { return nil }
            return PeerSocket(uid: uid, inode: inode)
        }
        return nil
    }

    /// True where a line's ports are these: most lines are of other connections, and are passed over without being taken
    /// apart.
    private static func connects(_ line: ArraySlice<UInt8>, _ local: [UInt8], _ remote: [UInt8]) -> Bool {
        let colon = UInt8(ascii: ":")
        guard let number = line.firstIndex(of: colon), let first = line[(number + 1)...].firstIndex(of: colon),
            let second = line[(first + 1)...].firstIndex(of: colon), second + 4 < line.endIndex
        else { return false }
        return line[(first + 1)...].starts(with: local) && line[(second + 1)...].starts(with: remote)
    }

    /// A port as the kernel prints it: four digits.
    private static func hexadecimal(_ port: Int) -> [UInt8] {
        let digits = String(port, radix: 16, uppercase: true)
        return Array((String(repeating: "0", count: max(0, 4 - digits.count)) + digits).utf8)
    }

    private static func port(_ endpoint: ArraySlice<UInt8>) -> Int? {
        Int(String(decoding: endpoint.suffix(4), as: UTF8.self), radix: 16)
    }

    /// The kernel prints addresses as words in the machine's own byte order: little-endian where this runs.
    private static func isLoopback(_ endpoint: ArraySlice<UInt8>) -> Bool {
        let address = String(decoding: endpoint.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        return address.hasSuffix("7F") || address == "00000000000000000000000001000000"
            || address.hasSuffix("FFFF00000100007F")
    }

    /// The process that holds it, of those that this user can look into; the youngest are asked first.
    public func process() -> Int32? {
        let wanted = Array("socket:[\(inode)]".utf8)
        for pid in Self.numbers(in: "/proc").sorted(by: >) {
            let folder = "/proc/\(pid)/fd"
            if Self.numbers(in: folder).contains(where: { Self.link("\(folder)/\($0)") == wanted }) { return pid }
        }
        return nil
    }

    /// The variables that a process was started with; nil where this user cannot read them.
    public static func variables(of pid: Int32) -> [String: String]? {
        guard let bytes = try? PrivateFile.readShared("/proc/\(pid)/environ") else { return nil }
        var variables: [String: String] = [:]
        for entry in bytes.split(separator: 0) {
            let pair = entry.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 {
                variables[String(decoding: pair[0], as: UTF8.self)] = String(decoding: pair[1], as: UTF8.self)
            }
        }
        return variables
    }

    private static func numbers(in folder: String) -> [Int32] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var numbers: [Int32] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let number = Int32(name) { numbers.append(number) }
        }
        return numbers
    }

    private static func link(_ path: String) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: 64)
        let count = readlink(path, &buffer, buffer.count)
        return buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
    }
}
