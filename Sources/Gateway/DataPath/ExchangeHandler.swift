import Crypto
import KubernetesWire
import LocalState
import NIOCore
import NIOHTTP1
import NIOSSL
import Vocabulary

/// The last handler of a caller's connection, or of one HTTP/2 stream: takes requests one after the other and gives each
/// to what answers it, the relay to a cluster or the gateway's own pages. It moves parts and holds back reads; what to do
/// with them is decided behind it.
final class ExchangeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Work {
        case none
        case relay(Relay)
        case control(ControlCall)
        /// Answered before the request was over: what still comes of it is passed over.
        case passingOver
    }

    private let loop: LoopServices
    private let isHTTP2: Bool
    private var context: ChannelHandlerContext?
    private var work = Work.none
    private var closesAfterResponse = false
    private var asksForUpgrade = false
    private var requestEnded = true
    private var responseEnded = true
    private var readWanted = true
    private var readHeld = false
    private var registration: ConnectionRegistry.Token?
    private let connectedAt = MonotonicClock.nanoseconds()
    /// Since when nothing came from the caller that was waited for.
    private var quietSince = MonotonicClock.nanoseconds()
    private var hasServed = false
    /// True once the connection is to end: what still comes on it is nobody's request.
    private var isClosing = false
    private var passedOver = 0
    /// What came of the requests behind the one that is being answered: no more than one read brought.
    private var waiting: CircularBuffer<HTTPServerRequestPart> = []
    private var isTakingUp = false

    /// As the API server spells it in its answers.
    static let auditHeader = "Audit-Id"
    /// How many bytes of a request that is already answered are read, in the hope that its end comes.
    private static let passingOverLimit = 256 << 10

    init(loop: LoopServices, isHTTP2: Bool) {
        self.loop = loop
        self.isHTTP2 = isHTTP2
    }

    // MARK: the channel's events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        registration = loop.connections.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        if let registration { loop.connections.remove(registration) }
        registration = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        let part = unwrapInboundIn(data)
        if isAnswering || !waiting.isEmpty { waiting.append(part) } else { take(part, context) }
    }

    /// True from the end of a request to the end of its answer: what comes then belongs to the next.
    private var isAnswering: Bool { requestEnded && !responseEnded }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head): begin(head, context)
        case .body(let bytes):
            quietSince = MonotonicClock.nanoseconds()
            switch work {
            case .relay(let relay): relay.requestBody(bytes)
            case .control(let call): call.requestBody(bytes)
            case .none, .passingOver:
                passedOver += bytes.readableBytes
                if passedOver > Self.passingOverLimit { context.close(promise: nil) }
            }
        case .end(let trailers):
            requestEnded = true
            switch work {
            case .relay(let relay): relay.requestEnd(trailers)
            case .control(let call): call.requestEnd()
            case .none, .passingOver: settle()
            }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .relay(let relay) = work { relay.requestReadComplete() }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .relay(let relay) = work { relay.callerWritabilityChanged() }
        context.fireChannelWritabilityChanged()
    }

    func read(context: ChannelHandlerContext) {
        if readWanted, waiting.isEmpty { context.read() } else { readHeld = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let fault = error as? HTTPParserError, !isHTTP2 { return noLongerHTTP(fault, context) }
        guard isHTTP2 else { return context.close(promise: nil) }
        let refusal = Refusal.malformedRequest("\(type(of: error))")
        let peer = context.channel.parent?.remoteAddress?.ipAddress ?? ""
        if responseEnded { loop.recordRefusal(refusal, head: nil, target: nil, source: peer) }
        // A stream that is closed before it is active breaks the connection's own bookkeeping: one turn later.
        let channel = context.channel
        context.eventLoop.execute { channel.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let work = work
        self.work = .none
        switch work {
        case .relay(let relay): relay.callerGone()
        case .control(let call): call.cancel()
        case .none, .passingOver: break
        }
        context.fireChannelInactive()
    }

    /// The bytes are no HTTP, and nothing that comes behind them can be read.
    private func noLongerHTTP(_ fault: HTTPParserError, _ context: ChannelHandlerContext) {
        let refusal =
            fault == .headerOverflow ? Refusal.headersTooLarge(80 << 10) : Refusal.malformedRequest("\(fault)")
        // What stands behind an answer that ends the connection is nobody's request.
        let isBehindTheLast = closesAfterResponse && requestEnded
        let isBehindAnother = isAnswering
        requestEnded = true
        closesAfterResponse = true
        switch work {
        case _ where isBehindTheLast || isBehindAnother: break  // The answer under way ends the connection.
        case .relay(let relay): relay.malformed(refusal)
        case .control(let call): call.refuse(refusal)
        case .passingOver: settle()
        case .none:
            responseEnded = false
            work = .passingOver
            // The one refusal without a request to record it under.
            let peer = context.channel.remoteAddress?.ipAddress ?? ""
            loop.recordRefusal(refusal, head: nil, target: nil, source: peer)
            respond(refusal.status, to: nil)
        }
    }

    // MARK: one request

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        requestEnded = false
        responseEnded = false
        hasServed = true
        passedOver = 0
        quietSince = MonotonicClock.nanoseconds()
        let limits = loop.settings.limits
        let isOld = quietSince - connectedAt > limits.connectionAge.nanoseconds
        closesAfterResponse = !isHTTP2 && (!head.isKeepAlive || loop.isDraining || isOld)
        // llhttp stops reading for good behind a request that asks for an upgrade.
        asksForUpgrade = !isHTTP2 && head.headers.contains(name: "upgrade")
        if asksForUpgrade { closesAfterResponse = true }
        let source = context.channel.remoteAddress ?? context.channel.parent?.remoteAddress
        if let refusal = RequestHygiene.refusal(of: head, isHTTP2: isHTTP2, limits: limits) {
            closesAfterResponse = true
            return refuse(refusal, head, source)
        }
        do throws(TargetFault) {
            let target = try RequestTarget(head.uri)
            guard let (cluster, rest) = target.inCluster else {
                let local = context.channel.localAddress ?? context.channel.parent?.localAddress
                let call = ControlCall(head: head, target: target, peer: source, local: local, loop: loop, caller: self)
                work = .control(call)
                return call.start()
            }
            let relay = Relay(
                head: head, target: rest, cluster: String(cluster), source: source?.ipAddress ?? "", loop: loop,
                caller: self)
            work = .relay(relay)
            relay.start(certificate: { [weak self] in self?.certificateThumbprint() })
        } catch { refuse(.target(error), head, source) }
    }

    private func refuse(_ refusal: Refusal, _ head: HTTPRequestHead, _ source: SocketAddress?) {
        work = .passingOver
        loop.recordRefusal(refusal, head: head, target: try? RequestTarget(head.uri), source: source?.ipAddress ?? "")
        respond(refusal.status, to: head)
    }

    /// Both directions are done: the next request may come, or the connection ends.
    private func settle() {
        guard requestEnded, responseEnded else { return }
        work = .none
        quietSince = MonotonicClock.nanoseconds()
        if !isHTTP2, closesAfterResponse || loop.isDraining {
            isClosing = true
            waiting.removeAll()
            context?.close(promise: nil)
        } else {
            setReading(true)
            takeUpWaiting()
        }
    }

    /// Goes on with requests that came before the one in front of them was answered.
    private func takeUpWaiting() {
        guard !isTakingUp, !waiting.isEmpty, let context else { return }
        isTakingUp = true
        while !isAnswering, let part = waiting.popFirst() { take(part, context) }
        isTakingUp = false
        if case .relay(let relay) = work { relay.requestReadComplete() }
        setReading(readWanted)
    }

    /// No new exchange is begun; an idle connection ends at once.
    func drain() {
        closesAfterResponse = true
        if requestEnded, responseEnded { context?.close(promise: nil) }
    }

    /// Ends what is under way.
    func cut() {
        if case .relay(let relay) = work { relay.gatewayStopping() }
        context?.close(promise: nil)
    }

    var isBusy: Bool { !(requestEnded && responseEnded) }

    /// True where a watch or a followed log is under way.
    var isWatching: Bool {
        switch work {
        case .relay(let relay): relay.isWatching
        case .control(let call): call.isWatching
        case .none, .passingOver: false
        }
    }

    func endWatch() {
        switch work {
        case .relay(let relay): relay.endWatch()
        case .control(let call): call.endWatch()
        case .none, .passingOver: break
        }
    }

    /// Ends what has been silent for too long: a connection without a request, a body that does not go on. A caller that
    /// only reads, as of a watch, is never meant.
    func sweep(now: UInt64, _ limits: GatewayConfiguration.Limits) {
        let quiet = now > quietSince ? now - quietSince : 0
        if isBusy {
            guard !requestEnded, readWanted, quiet > limits.requestBodyTimeout.nanoseconds else { return }
            if case .relay(let relay) = work { relay.bodyTimedOut() } else { context?.close(promise: nil) }
        } else if !isHTTP2 {
            let patience = hasServed ? limits.idleTimeout : limits.requestHeaderTimeout
            if quiet > patience.nanoseconds { context?.close(promise: nil) }
        }
    }
}

// MARK: what a relay or a page asks of the caller's side

extension ExchangeHandler {
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Stops or resumes reading from the caller.
    func setReading(_ wanted: Bool) {
        if wanted, !readWanted { quietSince = MonotonicClock.nanoseconds() }
        readWanted = wanted
        if wanted, readHeld, waiting.isEmpty {
            readHeld = false
            context?.read()
        }
    }

    /// The connection ends with the answer that is to come.
    func closeAfterResponse() { closesAfterResponse = true }

    /// The certificate that the caller showed, as RFC 8705 names it: base64url of its SHA-256.
    func certificateThumbprint() -> String? {
        guard let context else { return nil }
        let channel = isHTTP2 ? context.channel.parent : context.channel
        guard let certificate = try? channel?.pipeline.syncOperations.nioSSL_peerCertificate(),
            let bytes = try? certificate.toDERBytes()
        else { return nil }
        return Base64.encodeURL(Array(SHA256.hash(data: bytes)))
    }

    func writeContinue() {
        context?.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }

    /// Writes a response's head with the framing that the caller's protocol needs.
    func writeHead(status: HTTPResponseStatus, headers: HTTPHeaders, to request: HTTPRequestHead?) {
        var headers = headers
        let version = request?.version ?? .http1_1
        if !isHTTP2, status != .switchingProtocols {
            let mayHaveBody = status.mayHaveResponseBody && request?.method != .HEAD
            if mayHaveBody, !headers.contains(name: "content-length") {
                // Who asks for an upgrade may read a refusal's body as bare bytes: it ends with the connection.
                if version == .http1_1, !asksForUpgrade {
                    headers.replaceOrAdd(name: "Transfer-Encoding", value: "chunked")
                } else {
                    closesAfterResponse = true
                }
            }
            if closesAfterResponse || loop.isDraining {
                closesAfterResponse = true
                headers.replaceOrAdd(name: "Connection", value: "close")
            }
        }
        let head = HTTPResponseHead(version: isHTTP2 ? .http1_1 : version, status: status, headers: headers)
        context?.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    func writeBody(_ bytes: ByteBuffer) {
        context?.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
    }

    /// Writes a piece of a body; the future tells when the connection has taken it.
    func writeAndFlushBody(_ bytes: ByteBuffer) -> EventLoopFuture<Void> {
        guard let context else { return loop.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
        return context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes))))
    }

    /// The response is over. If the request is not, the rest of it is passed over.
    func writeEnd(_ trailers: HTTPHeaders? = nil) {
        guard !responseEnded else { return }
        responseEnded = true
        work = .passingOver
        let done = context?.eventLoop.makePromise(of: Void.self)
        // Behind an answer that ends the connection no further request is taken up.
        if closesAfterResponse, !isHTTP2, requestEnded { isClosing = true }
        context?.writeAndFlush(wrapOutboundOut(.end(trailers)), promise: done)
        guard closesAfterResponse, !isHTTP2, let context, let done else {
            setReading(true)
            return settle()
        }
        // Closing at once could lose the answer while the request still arrives; its bytes are read and dropped first.
        setReading(true)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        done.futureResult.whenComplete { _ in bound.value.settle() }
    }

    func flush() { context?.flush() }

    /// Answers with a Status, under the exchange's id or, where there is none, one of its own.
    func respond(
        _ status: Status, to request: HTTPRequestHead?, retryAfter: Int? = nil, exchange: ExchangeID? = nil
    ) {
        let body = status.bytes
        var headers = HTTPHeaders([("Content-Type", "application/json"), ("Content-Length", String(body.count))])
        headers.add(name: Self.auditHeader, value: (exchange ?? loop.mintExchange()).description)
        if let retryAfter { headers.add(name: "Retry-After", value: String(retryAfter)) }
        writeHead(status: HTTPResponseStatus(statusCode: status.code), headers: headers, to: request)
        if request?.method != .HEAD { writeBody(ByteBuffer(bytes: body)) }
        writeEnd()
    }

    /// Ends the connection, where the answer cannot be brought to its end.
    func close() { context?.close(promise: nil) }

    /// After a 101: gives the bare channel away. This handler and HTTP's codecs leave it.
    func takeTunnel() -> (any Channel)? {
        work = .none
        return context?.channel
    }
}
