import CurlTransport
import NIOCore
import NIOHTTP1

/// An upgrade through the shim (exec, attach, port-forward): a bare connection that libcurl makes, the request written
/// on it as it is, the answer's head read from it; after a 101 raw bytes both ways.
final class ShimUpgrade {
    /// The longest response head, in bytes.
    private static let headLimit = 64 << 10

    private let request: [UInt8]
    private let connection: TransportRequest
    private let engine: CurlEngine
    private let id: TransferID
    private let eventLoop: any EventLoop
    private var call: ShimCall?
    private var bridge: TunnelBridge?
    private var received: [UInt8] = []
    private var tunnel: ShimTunnelEnd?
    private var isRefused = false

    init(request: [UInt8], connection: TransportRequest, engine: CurlEngine, call: ShimCall, eventLoop: any EventLoop) {
        self.request = request
        self.connection = connection
        self.engine = engine
        self.call = call
        self.eventLoop = eventLoop
        id = engine.mint()
    }

    func start() {
        let bridge = TunnelBridge(self, eventLoop)
        self.bridge = bridge
        engine.openTunnel(id, connection, observer: bridge)
    }

    func cancel() {
        call = nil
        bridge = nil
        engine.cancel(id)
    }

    // MARK: from the gateway

    func connected() { engine.send(id, request) }

    func received(_ bytes: [UInt8]) {
        if let tunnel { return tunnel.deliver(bytes) }
        engine.consumed(id, bytes.count)
        if isRefused { call?.upgradeRefusedBody(ByteBuffer(bytes: bytes)); return }
        received += bytes
        guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else {
            if received.count > Self.headLimit { ended(.broken("the answer's head has no end")) }
            return
        }
        guard let head = TransportHead(parsing: received[..<end.lowerBound]) else {
            return ended(.broken("the answer is no HTTP"))
        }
        answered(head, rest: Array(received[end.upperBound...]))
    }

    private func answered(_ head: TransportHead, rest: [UInt8]) {
        guard head.status == 101, let channel = call?.upgraded(head) else { return refused(head, rest) }
        call = nil
        let end = ShimTunnelEnd(self)
        tunnel = end
        let bound = NIOLoopBound(end, eventLoop: eventLoop)
        do { try channel.pipeline.syncOperations.addHandler(end) } catch { return finish() }
        end.deliver(rest)
        ShimCodec.remove(from: channel).whenComplete { _ in bound.value.channelIsBare() }
    }

    /// The answer is passed on as it comes; its length or its end of connection ends it.
    private func refused(_ head: TransportHead, _ rest: [UInt8]) {
        isRefused = true
        call?.upgradeRefused(head)
        if !rest.isEmpty { call?.upgradeRefusedBody(ByteBuffer(bytes: rest)) }
    }

    func ended(_ fault: TransportFault?) {
        if let tunnel {
            tunnel.gatewayEnded()
        } else {
            call?.upgradeEnded(isRefused ? nil : fault ?? .broken("the gateway closed the connection"))
        }
        finish()
    }

    func took(_ count: Int) { tunnel?.took(count) }

    // MARK: from the caller, once upgraded

    func send(_ bytes: [UInt8]) { engine.send(id, bytes) }

    func consumed(_ count: Int) { engine.consumed(id, count) }

    func finish() {
        engine.cancel(id)
        call = nil
        bridge = nil
        tunnel = nil
    }
}

/// The caller's side of an upgraded connection: the last handler of its channel.
final class ShimTunnelEnd: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let sendWindow = 256 << 10

    private var upgrade: ShimUpgrade?
    private var context: ChannelHandlerContext?
    private var unsent = 0
    private var unconfirmed = 0
    private var readHeld = false
    /// What the gateway sent while HTTP's handlers were still leaving the channel, and whether it ended then.
    private var early: [UInt8] = []
    private var endedEarly = false
    private var isBare = false

    init(_ upgrade: ShimUpgrade) { self.upgrade = upgrade }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        unsent += bytes.readableBytes
        upgrade?.send(Array(bytes.readableBytesView))
    }

    func read(context: ChannelHandlerContext) {
        if unsent < Self.sendWindow { context.read() } else { readHeld = true }
    }

    func took(_ count: Int) {
        unsent -= count
        if unsent < Self.sendWindow, readHeld {
            readHeld = false
            context?.read()
        }
    }

    func deliver(_ bytes: [UInt8]) {
        guard isBare else {
            early += bytes
            return
        }
        guard !bytes.isEmpty else { return }
        unconfirmed += bytes.count
        context?.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        confirm()
    }

    /// HTTP's handlers have left: what is written now goes out as it is.
    func channelIsBare() {
        isBare = true
        deliver(early)
        early = []
        if endedEarly { gatewayEnded() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { confirm() }

    private func confirm() {
        guard unconfirmed > 0, context?.channel.isWritable == true else { return }
        upgrade?.consumed(unconfirmed)
        unconfirmed = 0
    }

    /// Sends what was written, then closes.
    func gatewayEnded() {
        upgrade = nil
        guard isBare else {
            endedEarly = true
            return
        }
        guard let context else { return }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in bound.value.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        upgrade?.finish()
        upgrade = nil
    }
}

/// Carries libcurl's calls from its thread to the upgrade's event loop.
private final class TunnelBridge: TunnelObserver {
    private let upgrade: NIOLoopBound<ShimUpgrade>

    init(_ upgrade: ShimUpgrade, _ eventLoop: any EventLoop) {
        self.upgrade = NIOLoopBound(upgrade, eventLoop: eventLoop)
    }

    func tunnelConnected() { upgrade.eventLoop.execute { self.upgrade.value.connected() } }
    func tunnelReceived(_ bytes: [UInt8]) { upgrade.eventLoop.execute { self.upgrade.value.received(bytes) } }
    func tunnelEnded(_ fault: TransportFault?) { upgrade.eventLoop.execute { self.upgrade.value.ended(fault) } }
    func tunnelTook(_ count: Int) { upgrade.eventLoop.execute { self.upgrade.value.took(count) } }
}
