import NIOCore
import NIOPosix

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
        _ socket: CInt, group: MultiThreadedEventLoopGroup, services: GatewayServices
    ) async throws -> GatewayServer {
        try await start(group: group, services: services) { try await $0.withBoundSocket(socket).get() }
    }

    /// Accepts connections on an address from the moment this returns.
    static func start(
        _ address: ListenAddress, group: MultiThreadedEventLoopGroup, services: GatewayServices
    ) async throws -> GatewayServer {
        try await start(group: group, services: services) {
            try await $0.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: address.host, port: address.port).get()
        }
    }

    private static func start(
        group: MultiThreadedEventLoopGroup, services: GatewayServices,
        bind: (ServerBootstrap) async throws -> any Channel
    ) async throws -> GatewayServer {
        var loops: [NIOLoopBound<LoopServices>] = []
        for eventLoop in group.makeIterator() {
            loops.append(
                try await eventLoop.submit {
                    let loop = LoopServices(gateway: services, eventLoop: eventLoop)
                    loop.beginSweeping()
                    return NIOLoopBound(loop, eventLoop: eventLoop)
                }.get())
        }
        let ready = loops
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = ready.first(where: { $0.eventLoop === channel.eventLoop }) else {
                        throw ChannelError.inappropriateOperationForState
                    }
                    let address = channel.remoteAddress?.ipAddress ?? ""
                    guard services.gate.enter(address) else {
                        loop.value.metrics.refuse("tooManyConnections")
                        throw ChannelError.inappropriateOperationForState
                    }
                    channel.closeFuture.whenComplete { _ in services.gate.leave(address) }
                    try GatewayCodec.configure(channel, tls: services.settings.tls, loop: loop)
                }
            }
        return GatewayServer(loops: ready, listener: try await bind(bootstrap))
    }

    /// Where it listens, as `HOST:PORT`.
    var address: String {
        guard let address = listener.localAddress, let host = address.ipAddress, let port = address.port else {
            return ""
        }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Stops accepting, ends watches after their grace and lets the rest end for as long as its own lasts, then cuts it.
    ///
    /// - Returns: how many exchanges were cut.
    func drain(watchGrace: Duration, grace: Duration) async -> Int {
        try? await listener.close()
        await onEachLoop { $0.drain() }
        let began = ContinuousClock.now
        await waitUntilIdle(began + min(watchGrace, grace))
        await onEachLoop { $0.endWatches() }
        await waitUntilIdle(began + grace)
        let cut = await busyCount()
        await onEachLoop { $0.cutAll() }
        return cut
    }

    /// Watches alone do not make anyone wait beyond their grace.
    private func waitUntilIdle(_ deadline: ContinuousClock.Instant) async {
        while await busyCount() > 0, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(20)) }
    }

    /// What all loops have counted, and what is open.
    func metrics() async -> (counted: ExchangeMetrics, open: OpenCounts) {
        var counted = ExchangeMetrics()
        var open = OpenCounts()
        for loop in loops {
            guard let one = try? await loop.eventLoop.submit({ (loop.value.metrics, loop.value.openCounts) }).get()
            else { continue }
            counted.add(one.0)
            open = open + one.1
        }
        return (counted, open)
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
