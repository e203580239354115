import Crypto
public import CurlTransport
import LocalState
import LoopbackTLS
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import Tagging
import Vocabulary

/// A loopback listener that tags each single request with the byline of that moment and sends it on to the gateway. Its
/// certificate authority and its bearer live as long as it does.
public final class Shim: Sendable {
    /// PEM that clients verify the shim against.
    public let authority: String
    /// What clients must show; 256 random bits.
    public let bearer: String
    /// `127.0.0.1:PORT`.
    public let address: String
    private let channel: any NIOCore.Channel
    private let group: MultiThreadedEventLoopGroup

    private init(
        authority: String, bearer: String, address: String, channel: any NIOCore.Channel,
        group: MultiThreadedEventLoopGroup
    ) {
        self.authority = authority
        self.bearer = bearer
        self.address = address
        self.channel = channel
        self.group = group
    }

    /// Listens on a free port of 127.0.0.1. Who writes is asked at every request; what names no cluster in its path is
    /// for the current one.
    public static func start(
        session: GatewaySession, engine: CurlEngine, cluster: String, context: @escaping @Sendable () -> AgentContext
    ) async throws(ClientFault) -> Shim {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let authority = try CertificateAuthority(named: "Byline shim", validFor: 30)
            let server = try authority.issueServerCertificate(
                names: ["localhost"], addresses: ["127.0.0.1"], validFor: 30)
            let socket = try BoundSocket(host: "127.0.0.1", port: 0)
            let address = "127.0.0.1:\(socket.port)"
            let bearer = Base64.encodeURL((0..<32).map { _ in UInt8.random(in: 0...255) })
            let services = ShimServices(
                session: session, engine: engine, cluster: cluster, context: context,
                guardian: ShimGuard(bearer: bearer, host: address))
            let tls = try server.listenerContext(protocols: ["http/1.1"])
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 256)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try ShimCodec.configure(channel, tls: tls, services: services)
                    }
                }
                .withBoundSocket(socket.take()).get()
            return Shim(
                authority: authority.certificatePEM, bearer: bearer, address: address, channel: channel, group: group)
        } catch { throw .cannotListen("\(error)") }
    }

    public func stop() async {
        try? await channel.close()
        try? await group.shutdownGracefully()
    }
}

/// What the shim's connections share.
struct ShimServices: Sendable {
    let session: GatewaySession
    let engine: CurlEngine
    /// The current cluster. Its server has no path in the kubeconfig, because older clients drop it: kubectl's
    /// `get --raw` before 1.23, `kubectl proxy`.
    let cluster: String
    let context: @Sendable () -> AgentContext
    let guardian: ShimGuard
}

/// Decides whether a request on the loopback listener comes from the child it was opened for, and not from another
/// user's process or a page in a browser.
struct ShimGuard: Sendable {
    private let key = SymmetricKey(size: .bits256)
    private let expected: HMAC<SHA256>.MAC
    private let host: String

    init(bearer: String, host: String) {
        expected = HMAC<SHA256>.authenticationCode(for: Array("Bearer \(bearer)".utf8), using: key)
        self.host = host
    }

    enum Verdict: Equatable {
        case allowed
        case wrongBearer
        /// A name that resolves to 127.0.0.1 is how a web page would reach it (DNS rebinding).
        case wrongHost
        /// Sent by a browser.
        case fromBrowser
    }

    func judge(_ head: HTTPRequestHead) -> Verdict {
        // Python's WebSocket client names its server as its origin; no page comes from there.
        if head.headers["origin"].contains(where: { $0 != "https://\(host)" })
            || head.headers.contains(name: "access-control-request-method")
        {
            return .fromBrowser
        }
        guard head.headers["host"] == [host] else { return .wrongHost }
        let offered = head.headers["authorization"]
        guard offered.count == 1, let value = offered.first,
            HMAC<SHA256>.isValidAuthenticationCode(expected, authenticating: Array(value.utf8), using: key)
        else { return .wrongBearer }
        return .allowed
    }
}
