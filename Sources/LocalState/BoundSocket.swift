#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A TCP socket bound to a loopback address, not yet listening: its port is known before anything is served on it.
public struct BoundSocket: ~Copyable, Sendable {
    /// Why an address cannot be bound.
    public enum Fault: Error, Hashable, Sendable {
        /// Only 127.0.0.1 and ::1 are bound.
        case notLoopback(String)
        case portInUse(Int)
        case system(errno: Int32)
    }

    private let descriptor: Int32
    public let port: Int

    /// Binds a loopback address.
    ///
    /// - Parameters:
    ///   - host: `127.0.0.1` or `::1`.
    ///   - port: 0 for any free one.
    /// - Throws: `Fault` where the address cannot be had.
    public init(host: String, port: Int) throws(Fault) {
        guard host == "127.0.0.1" || host == "::1" else { throw .notLoopback(host) }
        let isIPv6 = host == "::1"
        #if canImport(Glibc)
            let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        #else
            let type = SOCK_STREAM
        #endif
        let opened = socket(isIPv6 ? AF_INET6 : AF_INET, type, 0)
        guard opened >= 0 else { throw .system(errno: errno) }
        var reuse: Int32 = 1
        setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        let bound = isIPv6 ? Self.bindIPv6(opened, port) : Self.bindIPv4(opened, port)
        guard let bound else {
            let code = errno
            close(opened)
            throw code == EADDRINUSE ? .portInUse(port) : .system(errno: code)
        }
        descriptor = opened
        self.port = bound
    }

    /// Gives the socket away: whoever takes it closes it.
    public consuming func take() -> Int32 {
        let taken = descriptor
        discard self
        return taken
    }

    deinit { close(descriptor) }

    private static func bindIPv4(_ descriptor: Int32, _ port: Int) -> Int? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(descriptor, generic, length) == 0, getsockname(descriptor, generic, &length) == 0 else {
                    return nil
                }
                return Int(UInt16(bigEndian: pointer.pointee.sin_port))
            }
        }
    }

    private static func bindIPv6(_ descriptor: Int32, _ port: Int) -> Int? {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = in_port_t(UInt16(port)).bigEndian
        address.sin6_addr = in6addr_loopback
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(descriptor, generic, length) == 0, getsockname(descriptor, generic, &length) == 0 else {
                    return nil
                }
                return Int(UInt16(bigEndian: pointer.pointee.sin6_port))
            }
        }
    }
}
