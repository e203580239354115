import ContextReading
import LocalState
import Testing

#if canImport(Glibc)
    import Glibc
#endif

#if os(Linux)
    @Suite struct PeerSocketTests {
        @Test func aLoopbackConnectionIsTracedToItsProcessInBothWays() throws {
            let bound = try BoundSocket(host: "127.0.0.1", port: 0)
            let port = bound.port
            let listener = bound.take()
            defer { close(listener) }
            try #require(listen(listener, 1) == 0)
            let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(client) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            try withUnsafeMutablePointer(to: &address) {
                try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    try #require(connect(client, $0, length) == 0)
                    try #require(getsockname(client, $0, &length) == 0)
                }
            }
            let from = Int(UInt16(bigEndian: address.sin_port))

            let found = try #require(PeerSocket.find(from: from, to: port))
            #expect(found == PeerSocket.findInTables(from: from, to: port))
            #expect(found.uid == geteuid())
            #expect(found.process() == getpid())
            #expect(PeerSocket.find(from: port, to: port) == nil)
        }
    }
#endif
