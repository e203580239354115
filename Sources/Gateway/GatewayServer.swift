import NIOCore
import NIOPosix
import NIOSSL

/// Listens, and gives each connection its handlers.
final class GatewayServer: Sendable {
    private let loops: [NIOLoopBound<LoopServices>]
    private let listener: any Channel

    private init(loops: [NIOLoopBound<LoopServices>], listener: any Channel) {
        self.loops = loops
        self.listener = listener
    }

    /// Accepts connections on a bound socket from the moment this returns.
    static func start(
        _ socket: CInt, tls: NIOSSLContext, group: MultiThreadedEventLoopGroup, services: GatewayServices
    ) async throws -> GatewayServer {
        var loops: [NIOLoopBound<LoopServices>] = []
        for eventLoop in group.makeIterator() {
            loops.append(
                try await eventLoop.submit {
                    NIOLoopBound(LoopServices(gateway: services, eventLoop: eventLoop), eventLoop: eventLoop)
                }.get())
        }
        let ready = loops
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = ready.first(where: { $0.eventLoop === channel.eventLoop }) else {
                        throw ChannelError.inappropriateOperationForState
                    }
                    try GatewayCodec.configure(channel, tls: tls, loop: loop)
                }
            }
            .withBoundSocket(socket).get()
        return GatewayServer(loops: ready, listener: listener)
    }

    /// Stops accepting, lets what is under way end for as long as the grace lasts, then cuts the rest.
    ///
    /// - Returns: how many exchanges were cut.
    func drain(grace: Duration) async -> Int {
        try? await listener.close()
        await onEachLoop { $0.drain() }
        let deadline = ContinuousClock.now + grace
        while await busyCount() > 0, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(20)) }
        let cut = await busyCount()
        await onEachLoop { $0.cutAll() }
        return cut
    }

    func busyCount() async -> Int {
        var count = 0
        for loop in loops { count += (try? await loop.eventLoop.submit { loop.value.busyCount }.get()) ?? 0 }
        return count
    }

    private func onEachLoop(_ body: @escaping @Sendable (LoopServices) -> Void) async {
        for loop in loops { try? await loop.eventLoop.submit { body(loop.value) }.get() }
    }
}
