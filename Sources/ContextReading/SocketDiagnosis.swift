#if os(Linux)
    import Glibc

    /// Asks Linux for one TCP socket by its two ends (sock_diag(7)): however many sockets there are, that is one look.
    enum SocketDiagnosis {
        /// What the kernel answered.
        enum Answer: Equatable {
            case found(PeerSocket)
            case none
            /// It cannot be asked here.
            case refused
        }

        private static let protocolNumber: Int32 = 4  // NETLINK_SOCK_DIAG
        private static let byFamily: UInt16 = 20  // SOCK_DIAG_BY_FAMILY
        private static let error: UInt16 = 2  // NLMSG_ERROR
        private static let headLength = 16
        private static let requestLength = 56

        /// The socket bound to port `from` of 127.0.0.1 and connected to port `to` there.
        static func find(from: Int, to: Int) -> Answer {
            let descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), protocolNumber)
            guard descriptor >= 0 else { return .refused }
            defer { close(descriptor) }
            let message = request(from: UInt16(truncatingIfNeeded: from), to: UInt16(truncatingIfNeeded: to))
            guard send(descriptor, message, message.count, 0) == message.count else { return .refused }
            let answer = [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in
                count = max(0, recv(descriptor, buffer.baseAddress, buffer.count, 0))
            }
            return read(answer, from, to)
        }

        /// A `nlmsghdr`, then an `inet_diag_req_v2`: ports in network order, the rest in the machine's.
        private static func request(from: UInt16, to: UInt16) -> [UInt8] {
            var bytes: [UInt8] = []
            func append<Number: FixedWidthInteger>(_ number: Number) {
                withUnsafeBytes(of: number) { bytes += $0 }
            }
            append(UInt32(headLength + requestLength))
            append(byFamily)
            append(UInt16(1))  // NLM_F_REQUEST
            append(UInt32(1))
            append(UInt32(0))
            bytes += [UInt8(AF_INET), UInt8(IPPROTO_TCP), 0, 0]
            append(UInt32.max)  // In any state.
            append(from.bigEndian)
            append(to.bigEndian)
            for _ in 0..<2 { bytes += [127, 0, 0, 1] + [UInt8](repeating: 0, count: 12) }
            append(UInt32(0))  // On any interface.
            append(UInt64.max)  // Whatever its cookie.
            return bytes
        }

        /// A `nlmsghdr`, then an `inet_diag_msg`, whose last two members are the user and the inode; or an error.
        private static func read(_ answer: [UInt8], _ from: Int, _ to: Int) -> Answer {
            guard answer.count >= headLength + 4 else { return .refused }
            func number<Number: FixedWidthInteger>(at offset: Int, _: Number.Type) -> Number {
                answer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Number.self) }
            }
            let type = number(at: 4, UInt16.self)
            if type == error { return number(at: headLength, Int32.self) == -ENOENT ? .none : .refused }
            let users = headLength + 64
            guard type == byFamily, answer.count >= users + 8 else { return .refused }
            // Where there is no such connection, a socket that listens on the port stands for it.
            let ports = (number(at: headLength + 4, UInt16.self), number(at: headLength + 6, UInt16.self))
            guard Int(UInt16(bigEndian: ports.0)) == from, Int(UInt16(bigEndian: ports.1)) == to else { return .none }
            let inode = UInt64(number(at: users + 4, UInt32.self))
            return inode == 0 ? .none : .found(PeerSocket(uid: number(at: users, UInt32.self), inode: inode))
        }
    }
#endif
