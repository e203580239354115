import NIOCore
import NIOHTTP1

/// The last handler of a connection to an API server: hands what comes to the exchange that has the connection, holds
/// back reads while the caller's side is full, and goes back to the pool when the exchange is over.
final class UpstreamConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private weak var pool: UpstreamPool?
    private let address: String
    private var context: ChannelHandlerContext?
    private var exchange: UpstreamExchange?
    private var readWanted = true
    private var readHeld = false
    private var fault: UpstreamFault?
    private(set) var isReused = false
    private(set) var isTunnel = false

    init(pool: UpstreamPool, address: String) {
        self.pool = pool
        self.address = address
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }
    var isActive: Bool { context?.channel.isActive ?? false }

    func begin(_ exchange: UpstreamExchange) { self.exchange = exchange }

    func write(_ part: HTTPClientRequestPart) { context?.write(wrapOutboundOut(part), promise: nil) }

    func flush() { context?.flush() }

    func setReading(_ wanted: Bool) {
        readWanted = wanted
        if wanted, readHeld {
            readHeld = false
            context?.read()
        }
    }

    /// Gives the connection back for the next exchange, reading again: a pooled connection must notice its end.
    func release() {
        exchange = nil
        isReused = true
        setReading(true)
        pool?.putBack(self)
    }

    /// The exchange ended before it had the connection.
    func releaseUnused() { release() }

    /// Closes the connection: what is on it is of no more use.
    func abandon() {
        exchange = nil
        context?.close(promise: nil)
    }

    /// Gives the channel away, for the HTTP codecs and this handler to be taken out of it; it then carries raw bytes.
    func detach() -> (any Channel)? {
        guard let context, UpstreamCodec.holdEnd(of: context.channel) else { return nil }
        isTunnel = true
        exchange = nil
        return context.channel
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func read(context: ChannelHandlerContext) {
        if readWanted { context.read() } else { readHeld = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let exchange else {
            // An answer nobody asked for: this is no connection to go on with.
            if !isTunnel { context.close(promise: nil) }
            return
        }
        exchange.received(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        exchange?.readComplete()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        exchange?.writabilityChanged()
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if fault == nil {
            fault =
                error is HTTPParserError
                ? .notHTTP(address: address, cause: "\(error)")
                : .unreachable(address: address, cause: NetworkCause.sentence(error))
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let exchange = exchange
        self.exchange = nil
        pool?.forget(self)
        exchange?.failed(fault ?? .closed(address: address), onReusedConnection: isReused)
        context.fireChannelInactive()
    }
}
