import CurlTransport
import LoopbackTLS
import NIOCore
import NIOPosix
import NIOSSL
import Tagging
import Vocabulary

/// A loopback listener that tags each single request with the byline of that moment and sends it on to the gateway. Its
/// certificate authority and its bearer live as long as it does.
final class Shim: Sendable {
    /// PEM that clients verify the shim against.
    let authority: String
    /// What clients must show; 256 random bits.
    let bearer: String
    /// `127.0.0.1:PORT`.
    let address: String
    private let channel: any NIOCore.Channel
    private let group: MultiThreadedEventLoopGroup
    private let prompts: PromptDelivery?

    private init(
        authority: String, bearer: String, address: String, channel: any NIOCore.Channel,
        group: MultiThreadedEventLoopGroup, prompts: PromptDelivery?
    ) {
        self.authority = authority
        self.bearer = bearer
        self.address = address
        self.channel = channel
        self.group = group
        self.prompts = prompts
    }

    /// Listens on a loopback address. What names no cluster in its path is for the current one. Who writes is asked at
    /// every request: of the process that sends it where it can be told, else of the shim's own context.
    static func start(
        session: GatewaySession, engine: CurlEngine, cluster: String, context: @escaping @Sendable () -> AgentContext,
        flags: [Byline.Field: String] = [:], prompts: PromptDelivery? = nil, listener: consuming ShimListener? = nil,
        identity: ShimIdentity? = nil
    ) async throws(ClientFault) -> Shim {
        let listener = if let listener { listener } else { try ShimListener(port: 0) }
        let address = listener.address
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let identity = try identity ?? ShimIdentity()
            let server = try identity.authority.issueServerCertificate(
                names: ["localhost"], addresses: ["127.0.0.1", "::1"], validFor: ShimIdentity.days)
            let services = ShimServices(
                session: session, engine: engine, cluster: cluster, context: context, flags: flags, prompts: prompts,
                guardian: ShimGuard(bearer: identity.bearer, host: address), health: GatewayHealth())
            let tls = try server.listenerContext(protocols: ["http/1.1"])
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 256)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try ShimCodec.configure(channel, tls: tls, services: services)
                    }
                }
                .withBoundSocket(listener.take()).get()
            return Shim(
                authority: identity.authority.certificatePEM, bearer: identity.bearer, address: address,
                channel: channel, group: group, prompts: prompts)
        } catch {
            try? await group.shutdownGracefully()
            throw .cannotListen("\(error)")
        }
    }

    func stop() async {
        try? await channel.close()
        try? await group.shutdownGracefully()
        await prompts?.finish()
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
    /// What holds for every process, whatever else is known of it.
    let flags: [Byline.Field: String]
    /// nil where no texts of prompts are sent.
    let prompts: PromptDelivery?
    let guardian: ShimGuard
    let health: GatewayHealth
}
