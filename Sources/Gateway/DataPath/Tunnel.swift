import Forwarding
import NIOCore
import Recording
import Vocabulary

/// A connection that was upgraded (WebSocket, SPDY): bytes both ways, masked and recorded as they pass. When one side
/// ends, what is under way is flushed and the other ends too.
final class Tunnel {
    /// How it ended while HTTP was still being taken out of the pipelines.
    private struct EarlyEnd {
        let outcome: Outcome
        let failure: String?
    }

    private let tap: StreamTap
    private var caller: TunnelEnd?
    private var upstream: TunnelEnd?
    private let registry: TunnelRegistry
    /// What came, of either side, while HTTP was still being taken out of the pipelines: no more than had been read.
    private var held: [(bytes: ByteBuffer, direction: Direction)] = []
    private var earlyEnd: EarlyEnd?
    private var isJoined = false
    private var isOver = false
    private var release: Scheduled<Void>?
    private let eventLoop: any EventLoop

    private init(tap: StreamTap, registry: TunnelRegistry, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.tap = tap
        self.registry = registry
    }

    /// Takes HTTP out of both pipelines and joins them. Bytes that arrived behind the upgrade are passed on.
    static func begin(caller: any Channel, upstream: any Channel, tap: StreamTap, registry: TunnelRegistry) {
        let tunnel = Tunnel(tap: tap, registry: registry, eventLoop: caller.eventLoop)
        let callerEnd = TunnelEnd(tunnel: tunnel, direction: .request)
        let upstreamEnd = TunnelEnd(tunnel: tunnel, direction: .response)
        tunnel.caller = callerEnd
        tunnel.upstream = upstreamEnd
        registry.add(tunnel)
        let joining = NIOLoopBound(tunnel, eventLoop: caller.eventLoop)
        do {
            try caller.pipeline.syncOperations.addHandler(callerEnd)
            try upstream.pipeline.syncOperations.addHandler(upstreamEnd)
        } catch {
            return tunnel.end(.failed, failure: "the tunnel could not be joined")
        }
        GatewayCodec.remove(from: caller).whenComplete { joining.value.caller?.becomeBare($0) }
        UpstreamCodec.remove(from: upstream).whenComplete { joining.value.upstream?.becomeBare($0) }
    }

    /// HTTP is out of a side's pipeline, or the side is gone. With both, bytes begin to pass.
    func sideIsReady() {
        guard !isJoined, !isOver, caller?.isReady == true, upstream?.isReady == true else { return }
        isJoined = true
        for (bytes, direction) in held { other(than: direction)?.write(bytes) }
        held = []
        caller?.flush()
        upstream?.flush()
        if let earlyEnd { return end(earlyEnd.outcome, failure: earlyEnd.failure) }
        updateFlow()
    }

    func received(_ bytes: ByteBuffer, _ direction: Direction) {
        guard !isOver else { return }
        do throws(StreamTap.Unreadable) { pass(try tap.take(bytes, direction), direction) } catch {
            end(.failed, failure: "what the cluster sent cannot be read, so no secret could be masked in it")
        }
    }

    private func pass(_ bytes: ByteBuffer, _ direction: Direction) {
        guard bytes.readableBytes > 0 else { return }
        if isJoined { other(than: direction)?.write(bytes) } else { held.append((bytes, direction)) }
    }

    /// Gives the caller after a moment what is held back because a secret might go on in what comes next.
    private func awaitRelease() {
        guard release == nil, !isOver, tap.holdsBack else { return }
        tap.beginRound()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        release = eventLoop.scheduleTask(in: StreamTap.patience) {
            let tunnel = bound.value
            tunnel.release = nil
            guard !tunnel.isOver else { return }
            tunnel.pass(tunnel.tap.release(), .response)
            if tunnel.isJoined { tunnel.caller?.flush() }
            tunnel.awaitRelease()
        }
    }

    func readComplete(_ direction: Direction) {
        if direction == .response { awaitRelease() }
        guard isJoined else { return }
        other(than: direction)?.flush()
        updateFlow()
    }

    /// Holds reads back on the side whose bytes cannot be passed on or recorded now.
    func updateFlow() {
        guard isJoined else { return }
        let recorderTakesMore = tap.isWritable
        if !recorderTakesMore { tap.whenWritable { self.updateFlow() } }
        caller?.setReading(recorderTakesMore && upstream?.isWritable == true)
        upstream?.setReading(recorderTakesMore && caller?.isWritable == true)
    }

    func ended(_ direction: Direction, error: String?) {
        let outcome: Outcome = error == nil ? .complete : direction == .request ? .clientClosed : .upstreamClosed
        guard isJoined else {
            if earlyEnd == nil { earlyEnd = EarlyEnd(outcome: outcome, failure: error) }
            return
        }
        end(outcome, failure: error)
    }

    /// Ends both sides and closes the record.
    func end(_ outcome: Outcome, failure: String?) {
        guard !isOver else { return }
        isOver = true
        registry.remove(self)
        release?.cancel()
        release = nil
        pass(tap.finish(), .response)
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
    /// Nothing is read until HTTP is out of both pipelines; then, since HTTP's handlers may have held a read back, it is.
    private var readWanted = false
    private var readHeld = true
    private var failure: String?
    /// True once bytes can be written as they are.
    private var isBare = false
    private(set) var isReady = false

    init(tunnel: Tunnel, direction: Direction) {
        self.tunnel = tunnel
        self.direction = direction
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// HTTP's handlers have left the pipeline; or, with an error, the channel was closed meanwhile.
    func becomeBare(_ removal: Result<Void, any Error>) {
        if case .success = removal { isBare = true }
        isReady = true
        tunnel.sideIsReady()
    }

    func write(_ bytes: ByteBuffer) {
        if isBare { context?.write(wrapOutboundOut(bytes), promise: nil) }
    }

    func flush() {
        if isBare { context?.flush() }
    }

    /// Sends what was written, then closes.
    func close() {
        guard let context else { return }
        guard isBare else { return context.close(promise: nil) }
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

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        tunnel.ended(direction, error: failure)
    }

    func read(context: ChannelHandlerContext) {
        if readWanted { context.read() } else { readHeld = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { tunnel.received(unwrapInboundIn(data), direction) }

    func channelReadComplete(context: ChannelHandlerContext) { tunnel.readComplete(direction) }

    func channelWritabilityChanged(context: ChannelHandlerContext) { tunnel.updateFlow() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = NetworkCause.sentence(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { tunnel.ended(direction, error: failure) }
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
