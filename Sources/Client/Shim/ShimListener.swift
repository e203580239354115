import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The loopback socket that a shim listens on: its own, or the one that systemd has opened for it.
struct ShimListener: ~Copyable {
    private let port: Int
    /// True where the address is there before the shim and after it.
    let isLasting: Bool
    private let descriptor: Int32

    /// `127.0.0.1:PORT`, as clients name it.
    var address: String { "127.0.0.1:\(port)" }

    /// A port of 127.0.0.1; 0 for any free one.
    init(port: Int) throws(ClientFault) {
        do throws(BoundSocket.Fault) {
            let socket = try BoundSocket(host: "127.0.0.1", port: port)
            self.port = socket.port
            isLasting = port != 0
            descriptor = socket.take()
        } catch {
            switch error {
            case .portInUse(let port): throw .cannotListen("port \(port) is in use")
            case .notLoopback(let host): throw .cannotListen("\(host) is not the loopback address")
            case .system(let code): throw .cannotListen(String(cString: strerror(code)))
            }
        }
    }

    /// The socket that systemd passes (sd_listen_fds(3)); nil where it passes none.
    static func passed(_ environment: Environment) throws(ClientFault) -> ShimListener? {
        guard environment.listenPID == getpid(), let count = environment.listenDescriptors, count > 0 else {
            return nil
        }
        guard count == 1 else { throw .badSocket("there are \(count)") }
        return try ShimListener(passed: 3)
    }

    private init(passed descriptor: Int32) throws(ClientFault) {
        var isListening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0, isListening == 1 else {
            throw .badSocket("it does not listen")
        }
        var name = sockaddr_in()
        length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let known = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard known == 0, name.sin_family == sa_family_t(AF_INET), name.sin_addr.s_addr == INADDR_LOOPBACK.bigEndian
        else {
            throw .badSocket("it is not bound to 127.0.0.1")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        port = Int(UInt16(bigEndian: name.sin_port))
        isLasting = true
        self.descriptor = descriptor
    }

    /// Gives the socket away.
    consuming func take() -> Int32 {
        let taken = descriptor
        discard self
        return taken
    }

    deinit { close(descriptor) }
}
