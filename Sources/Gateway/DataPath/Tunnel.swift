import Forwarding
import LocalState
import Masking
import NIOCore
import Recording
import Vocabulary

/// A connection that was upgraded (WebSocket, SPDY): raw bytes both ways, recorded as they pass. When one side ends, what
/// is under way is flushed and the other ends too.
final class Tunnel {
    private let tap: TunnelTap
    private var caller: TunnelEnd?
    private var upstream: TunnelEnd?
    private let registry: TunnelRegistry
    private var isOver = false

    private init(tap: TunnelTap, registry: TunnelRegistry) {
        self.tap = tap
        self.registry = registry
    }

    /// Takes HTTP out of both pipelines and joins them. Bytes that arrived behind the upgrade are passed on.
    static func begin(caller: any Channel, upstream: any Channel, tap: TunnelTap, registry: TunnelRegistry) {
        let tunnel = Tunnel(tap: tap, registry: registry)
        let callerEnd = TunnelEnd(tunnel: tunnel, direction: .request)
        let upstreamEnd = TunnelEnd(tunnel: tunnel, direction: .response)
        tunnel.caller = callerEnd
        tunnel.upstream = upstreamEnd
        registry.add(tunnel)
        let ends = NIOLoopBound((caller: callerEnd, upstream: upstreamEnd), eventLoop: caller.eventLoop)
        do {
            try caller.pipeline.syncOperations.addHandler(ends.value.caller)
            try upstream.pipeline.syncOperations.addHandler(ends.value.upstream)
        } catch {
            return tunnel.end(.failed, failure: "the tunnel could not be joined")
        }
        // The caller's side first: nothing of the cluster's may arrive while HTTP's encoder is still there.
        GatewayCodec.remove(from: caller).flatMap { UpstreamCodec.remove(from: upstream) }.whenFailure { _ in
            ends.value.caller.close()
        }
    }

    func received(_ bytes: ByteBuffer, _ direction: Direction) {
        tap.record(bytes, direction)
        other(than: direction)?.write(bytes)
    }

    func readComplete(_ direction: Direction) {
        other(than: direction)?.flush()
        updateFlow()
    }

    /// Holds reads back on the side whose bytes cannot be passed on or recorded now.
    func updateFlow() {
        let recorderTakesMore = tap.isWritable
        if !recorderTakesMore { tap.whenWritable { self.updateFlow() } }
        caller?.setReading(recorderTakesMore && upstream?.isWritable == true)
        upstream?.setReading(recorderTakesMore && caller?.isWritable == true)
    }

    func ended(_ direction: Direction, error: String?) {
        guard error == nil else {
            return end(direction == .request ? .clientClosed : .upstreamClosed, failure: error)
        }
        end(.complete, failure: nil)
    }

    /// Ends both sides and closes the record.
    func end(_ outcome: Outcome, failure: String?) {
        guard !isOver else { return }
        isOver = true
        registry.remove(self)
        tap.close(outcome, failure: failure)
        let ends = [caller, upstream]
        caller = nil
        upstream = nil
        for end in ends { end?.close() }
    }

    private func other(than direction: Direction) -> TunnelEnd? { direction == .request ? upstream : caller }
}

/// One side of a tunnel: the last handler of its channel.
final class TunnelEnd: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let tunnel: Tunnel
    /// The direction of the bytes that come in here.
    private let direction: Direction
    private var context: ChannelHandlerContext?
    private var readWanted = true
    private var readHeld = false
    private var failure: String?

    init(tunnel: Tunnel, direction: Direction) {
        self.tunnel = tunnel
        self.direction = direction
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ bytes: ByteBuffer) { context?.write(wrapOutboundOut(bytes), promise: nil) }

    func flush() { context?.flush() }

    /// Sends what was written, then closes.
    func close() {
        guard let context else { return }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in bound.value.close(promise: nil) }
    }

    func setReading(_ wanted: Bool) {
        readWanted = wanted
        if wanted, readHeld {
            readHeld = false
            context?.read()
        }
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func read(context: ChannelHandlerContext) {
        if readWanted { context.read() } else { readHeld = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { tunnel.received(unwrapInboundIn(data), direction) }

    func channelReadComplete(context: ChannelHandlerContext) { tunnel.readComplete(direction) }

    func channelWritabilityChanged(context: ChannelHandlerContext) { tunnel.updateFlow() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = "\(error)"
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { tunnel.ended(direction, error: failure) }
}

/// Records a tunnel's bytes, raw, and closes its record.
final class TunnelTap {
    private let exchange: ExchangeID
    private var tally: ExchangeTally
    private let status: Int?
    private let rule: BodyRule
    private let feed: RecorderFeed
    private let onClose: (ExchangeTally) -> Void

    init(
        exchange: ExchangeID, tally: ExchangeTally, status: Int?, rule: BodyRule, feed: RecorderFeed,
        onClose: @escaping (ExchangeTally) -> Void
    ) {
        self.onClose = onClose
        self.exchange = exchange
        self.tally = tally
        self.status = status
        self.rule = rule
        self.feed = feed
    }

    var isWritable: Bool { feed.isWritable }

    func whenWritable(_ resume: @escaping () -> Void) { feed.whenWritable(resume) }

    func record(_ bytes: ByteBuffer, _ direction: Direction) {
        let masked = rule.recorded(bytes)
        let offset = tally.add(bytes, direction, recorded: masked != nil)
        guard let masked else { return }
        feed.chunk(exchange, direction, .raw, offset: offset, masked, elapsed: tally.elapsed)
    }

    func close(_ outcome: Outcome, failure: String?) {
        feed.close(tally.closing(exchange, status: status, outcome: outcome, failure: failure, time: .now()))
        onClose(tally)
    }
}

/// The tunnels of one event loop, so that a stopping gateway can end them.
final class TunnelRegistry {
    private var tunnels: [ObjectIdentifier: Tunnel] = [:]

    func add(_ tunnel: Tunnel) { tunnels[ObjectIdentifier(tunnel)] = tunnel }

    func remove(_ tunnel: Tunnel) { tunnels[ObjectIdentifier(tunnel)] = nil }

    var count: Int { tunnels.count }

    func cutAll() {
        for tunnel in Array(tunnels.values) { tunnel.end(.failed, failure: "the gateway was stopped") }
    }
}
