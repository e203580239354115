import LocalState
import NIOCore

/// Whose process is at the other end of a loopback connection. Linux tells it in /proc/net/tcp: each socket with its
/// addresses and its owner's uid.
enum PeerOwner {
    /// The uid behind `peer`, as seen from the connection's end `local`.
    ///
    /// - Returns: nil where it cannot be told: not loopback, not Linux, or the connection is gone.
    static func uid(peer: SocketAddress, local: SocketAddress) -> UInt32? {
        guard let peerPort = peer.port, let localPort = local.port, isLoopback(peer), isLoopback(local) else {
            return nil
        }
        let path = peer.protocol == .inet6 ? "/proc/net/tcp6" : "/proc/net/tcp"
        guard let bytes = try? PrivateFile.readShared(path) else { return nil }
        return uid(inTable: String(decoding: bytes, as: UTF8.self), from: peerPort, to: localPort)
    }

    /// Finds the socket bound to loopback port `from` and connected to `to`.
    static func uid(inTable table: String, from: Int, to: Int) -> UInt32? {
        for line in table.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ")
            guard fields.count > 7, port(fields[1]) == from, port(fields[2]) == to, isLoopback(fields[1]) else {
                continue
            }
            return UInt32(fields[7])
        }
        return nil
    }

    private static func port(_ endpoint: Substring) -> Int? {
        endpoint.split(separator: ":").last.flatMap { Int($0, radix: 16) }
    }

    /// The kernel prints addresses as words in the machine's own byte order: little-endian where this runs.
    private static func isLoopback(_ endpoint: Substring) -> Bool {
        let address = endpoint.prefix { $0 != ":" }
        return address.hasSuffix("7F") || address == "00000000000000000000000001000000"
            || address.hasSuffix("FFFF00000100007F")
    }

    private static func isLoopback(_ address: SocketAddress) -> Bool {
        guard let text = address.ipAddress else { return false }
        return text.hasPrefix("127.") || text == "::1"
    }
}
