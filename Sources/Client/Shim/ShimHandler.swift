import KubernetesWire
import NIOCore
import NIOHTTP1

/// The last handler of a connection to the shim: checks each request and gives it to what sends it on.
final class ShimHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let services: ShimServices
    private var context: ChannelHandlerContext?
    private var call: ShimCall?
    private var head: HTTPRequestHead?
    /// Who is at the other end, from the first request on.
    private var peer: EventLoopFuture<ShimPeer>?
    private var closesAfterResponse = false
    private var requestEnded = true
    private var responseEnded = true
    private var readWanted = true
    private var readHeld = false
    private var flushPlanned = false

    init(_ services: ShimServices) { self.services = services }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let bytes): call?.requestBody(bytes)
        case .end:
            requestEnded = true
            call?.requestEnd()
            settle()
        }
    }

    func read(context: ChannelHandlerContext) {
        if readWanted { context.read() } else { readHeld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { call?.callerBecameWritable() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        call?.cancel()
        call = nil
        context.fireChannelInactive()
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var head = head
        if !head.uri.hasPrefix("/clusters/") { head.uri = "/clusters/\(services.cluster)\(head.uri)" }
        self.head = head
        requestEnded = false
        responseEnded = false
        // llhttp stops reading for good behind a request that asks for an upgrade.
        closesAfterResponse = !head.isKeepAlive || head.headers.contains(name: "upgrade")
        switch services.guardian.judge(head) {
        case .allowed:
            let peer = peer ?? ShimPeer.find(of: context.channel, flags: services.flags)
            self.peer = peer
            let call = ShimCall(head, services, peer, self, context.eventLoop)
            self.call = call
            call.start()
        case .wrongBearer: respond(Status(.unauthorized, "byline: this loopback address serves another command"))
        case .wrongHost, .fromBrowser:
            respond(Status(.forbidden, "byline: this loopback address serves one command, and no browser"))
        }
    }

    private func settle() {
        guard requestEnded, responseEnded else { return }
        call = nil
        setReading(true)
        if closesAfterResponse { context?.close(promise: nil) }
    }

    // MARK: what a call asks of the caller's side

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func setReading(_ wanted: Bool) {
        readWanted = wanted
        if wanted, readHeld {
            readHeld = false
            context?.read()
        }
    }

    func writeHead(status: Int, headers: HTTPHeaders) {
        var headers = headers
        let status = HTTPResponseStatus(statusCode: status)
        if status != .switchingProtocols {
            if status.mayHaveResponseBody, head?.method != .HEAD, !headers.contains(name: "content-length") {
                headers.replaceOrAdd(name: "Transfer-Encoding", value: "chunked")
            }
            if closesAfterResponse { headers.replaceOrAdd(name: "Connection", value: "close") }
        }
        context?.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        flushSoon()
    }

    func writeBody(_ bytes: ByteBuffer) {
        context?.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        flushSoon()
    }

    /// What libcurl brings at once comes in several calls: they leave in one piece.
    private func flushSoon() {
        guard !flushPlanned, let context else { return }
        flushPlanned = true
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute {
            bound.value.flushPlanned = false
            bound.value.context?.flush()
        }
    }

    func writeEnd() {
        guard !responseEnded else { return }
        responseEnded = true
        guard let context else { return }
        setReading(true)
        let done = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        done.futureResult.whenComplete { _ in bound.value.settle() }
    }

    func respond(_ status: Status) {
        guard !responseEnded else { return }
        let body = status.bytes
        writeHead(
            status: status.code,
            headers: HTTPHeaders([("Content-Type", "application/json"), ("Content-Length", String(body.count))]))
        if head?.method != .HEAD { writeBody(ByteBuffer(bytes: body)) }
        writeEnd()
    }

    func refuseStranger() { respond(Status(.forbidden, "byline: this loopback address serves another user")) }

    /// Ends the connection behind what was written.
    func close() {
        context?.flush()
        context?.close(promise: nil)
    }

    /// After a 101: gives the bare channel away.
    func takeTunnel() -> (any Channel)? {
        call = nil
        context?.flush()
        return context?.channel
    }
}
