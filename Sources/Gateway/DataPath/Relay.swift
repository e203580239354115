import Authentication
import Authorization
import Forwarding
import KubernetesWire
import LocalState
import Logging
import Masking
import NIOCore
import NIOHTTP1
import Recording
import Tagging
import Vocabulary

/// One exchange between a caller and a cluster, from its head to its close record:
/// authenticate → authorise → record the opening → forward → record and stream back → close the record.
///
/// Everything happens on the caller's event loop. Reads on either side are held back while the other side, or the
/// recorder, takes no more, so memory stays bounded whatever the size of a body or the slowness of a reader.
final class Relay {
    private enum Stage {
        /// Proving who calls, deciding, or waiting for the opening record.
        case admitting
        case forwarding(UpstreamExchange)
        case over
    }

    private let head: HTTPRequestHead
    private let target: RequestTarget
    private let clusterText: String
    private let source: String
    private let loop: LoopServices
    private unowned let caller: ExchangeHandler

    private let exchange: ExchangeID
    private var stage = Stage.admitting
    /// What arrived of the body before forwarding began.
    private var held: [ByteBuffer] = []
    /// What may pass once its body is there.
    private var awaitingBody: Permit?
    private var requestEnded: (Bool, HTTPHeaders?) = (false, nil)
    private var request: AccessRequest?
    private var place: Place?
    private var masked: MaskedRequest?
    private var maskedAnswer: MaskedAnswer?
    private var release: Scheduled<Void>?
    private var sealed: SealedChannel?
    private var tally = ExchangeTally()
    private var isOpen = false
    private var responseStatus: Int?
    private var needsFlush = false
    /// True where the cluster was asked for another protocol.
    private var mayBeUpgraded = false
    /// The answer 101, once it is there.
    private var upgrade: StreamProtocol.Answer?
    /// The `Retry-After` of the cluster's answer.
    private var retryAfter: Int?
    private var responseHeaders: [(String, MaskedText)] = []
    /// Set where the response is compressed, and recorded inflated.
    private var decodedBody: DecodedBody?
    private var received = 0
    /// True while what one read of the caller's brought is still being told: its end flushes.
    private var isBeingTold = true
    /// Keeps the relay alive while it waits for something, whatever becomes of the handler.
    private var anchor: Relay?
    private var isCallerGone = false

    /// A body up to this length, in bytes, is waited for: what turns out to be malformed, or is given up, on its way
    /// never reaches the cluster. A longer one streams.
    private static let awaitedBody = 64 << 10

    init(
        head: HTTPRequestHead, target: RequestTarget, cluster: String, source: String, loop: LoopServices,
        caller: ExchangeHandler
    ) {
        self.head = head
        self.target = target
        clusterText = cluster
        self.source = source
        self.loop = loop
        self.caller = caller
        exchange = loop.mintExchange()
    }

    // MARK: admitting

    /// Begins to prove that the request may pass.
    ///
    /// - Parameter certificate: gives the client certificate that the connection showed, as RFC 8705 names it.
    func start(certificate: @escaping () -> String?) {
        caller.setReading(false)
        guard !loop.isDraining else { return refuse(.stopping) }
        guard let cluster = ClusterName(clusterText), loop.settings.clusters[cluster] != nil else {
            return refuse(.unknownCluster(clusterText))
        }
        anchor = self
        Admission(head: head, target: target, cluster: cluster, loop: loop, certificate: certificate) { verdict in
            self.anchor = nil
            self.admitted(verdict)
        }.begin()
    }

    private func admitted(_ verdict: Admission.Verdict) {
        guard case .admitting = stage else { return }
        switch verdict {
        case .refused(let refusal, let identity): refuse(refusal, by: identity)
        case .denied(let denial): deny(denial)
        case .permitted(let permit, let place, let plan):
            request = permit.request
            self.place = place
            masked = MaskedRequest(plan, permit.request.requestInfo, head)
            for part in held { masked?.look(at: part) }
            // What is behind a proxy subresource may answer before it has read all; an API server never does.
            if requestEnded.0 || permit.request.requestInfo.isConnect { return open(permit) }
            awaitingBody = permit
            if head.headers.contains(name: "expect") { caller.writeContinue() }
            if !isBeingTold { caller.setReading(true) }
        }
    }

    /// The body is there, or as much of it as is waited for.
    private func bodyArrived() {
        guard let permit = awaitingBody else { return }
        awaitingBody = nil
        caller.setReading(false)
        open(permit)
    }

    private func deny(_ denial: Denial) {
        let refusal = Refusal.denied(denial)
        loop.feed.refuse(denial, opening(), status: refusal.status.code)
        loop.metrics.count(
            ExchangeLabels(
                denial.request.requestInfo, cluster: denial.request.cluster, code: refusal.status.code, verdict: .deny))
        loop.log.info(
            "denied", metadata: ["exchange": "\(exchange)", "rule": "\(denial.decision.rule)", "source": "\(source)"])
        answer(refusal)
    }

    private func open(_ permit: Permit) {
        let cluster = permit.request.cluster
        anchor = self
        loop.feed.open(permit, opening()) { opened in
            self.anchor = nil
            switch consume opened {
            case .receipt(let receipt): self.forward(receipt, cluster)
            case .refused(let fault):
                self.count(code: 503, .failed)
                self.loop.log.error("not recorded, so not forwarded", metadata: ["exchange": "\(self.exchange)"])
                self.answer(.recorder(fault))
            }
        }
    }

    private func opening() -> Opening {
        Opening(
            exchange, head, target, source: source, request: request?.requestInfo, body: requestEnded.0 ? held : nil)
    }

    private func forward(_ receipt: consuming Receipt, _ cluster: ClusterName) {
        isOpen = true
        guard case .admitting = stage else {
            receiveHeld()
            return finish(.clientClosed, failure: "the caller left before it was forwarded")
        }
        let hasBody =
            !(requestEnded.0 && held.isEmpty)
            && (head.headers.contains(name: "content-length") || head.headers.contains(name: "transfer-encoding"))
        if masked?.holdsMask == true { return refuseOpened(.maskInBody) }
        if requestEnded.0, let refusal = masked?.refusal(of: held) { return refuseOpened(refusal) }
        if masked?.plan.copies == .deny, masked?.plan.masksOutput == true,
            request?.requestInfo.packsArchive(query: target.query) == true
        {
            return refuseOpened(.copy)
        }
        guard let narrowed = masked?.narrowed(head) else { return refuseOpened(.onlyBinary) }
        let forwarded = ForwardedHead(
            narrowed, target: target, hasBody: hasBody, mayUpgrade: request?.requestInfo.isConnect == true)
        mayBeUpgraded = forwarded.isUpgrade
        do throws(UpstreamFault) {
            let upstream = try loop.pool(of: cluster).forward(receipt, forwarded, observer: self)
            stage = .forwarding(upstream)
            if head.headers.contains(name: "expect"), request?.requestInfo.isConnect == true, !requestEnded.0 {
                caller.writeContinue()
            }
            let parts = held
            held = []
            for part in parts { sendBody(part, upstream) }
            if requestEnded.0 { sendEnd(requestEnded.1, upstream) }
            if !isBeingTold { upstream.flush() }
            updateFlow()
        } catch {
            receiveHeld()
            answer(.upstream(error, cluster: cluster))
            finish(.failed, failure: Refusal.sentence(error))
        }
    }

    /// Refuses what was opened and not forwarded.
    private func refuseOpened(_ refusal: Refusal) {
        if !held.isEmpty { receiveHeld() }
        answer(refusal)
        finish(.failed, failure: refusal.status.message, refused: refusal)
    }

    // MARK: the request's way

    func requestBody(_ bytes: ByteBuffer) {
        received += bytes.readableBytes
        guard received <= loop.settings.limits.bodyBytes else {
            return giveUp(.tooLarge(loop.settings.limits.bodyBytes), "the request's body is longer than it may be")
        }
        switch stage {
        case .admitting:
            masked?.look(at: bytes)
            held.append(bytes)
            guard masked?.awaitsWhole == true else {
                if received > Self.awaitedBody { bodyArrived() }
                return
            }
            if received > WholeBody.longest {
                giveUp(.tooLargeForCluster(WholeBody.longest), "the request's body is longer than it may be")
            }
        case .forwarding(let upstream):
            masked?.look(at: bytes)
            sendBody(bytes, upstream)
        case .over: break
        }
    }

    func requestEnd(_ trailers: HTTPHeaders?) {
        requestEnded = (true, trailers)
        if case .forwarding(let upstream) = stage { sendEnd(trailers, upstream) }
        bodyArrived()
    }

    func requestReadComplete() {
        isBeingTold = false
        if awaitingBody != nil { caller.setReading(true) }
        guard case .forwarding(let upstream) = stage else { return }
        upstream.flush()
        updateFlow()
    }

    private func sendBody(_ bytes: ByteBuffer, _ upstream: UpstreamExchange) {
        let before = tally.requestState
        receive(bytes)
        // No API server acts on a part of a body.
        if let refusal = masked?.refusal {
            tally.endForwarding(at: before)
            return giveUp(refusal, refusal.status.message)
        }
        // The end of a body that holds a mask is never sent: no API server acts on a part of one.
        guard masked?.holdsMask != true else {
            tally.endForwarding(at: before)
            return giveUp(.maskInBody, Refusal.maskInBody.status.message)
        }
        upstream.sendBody(bytes)
    }

    /// Digests and records bytes of the request's body.
    private func receive(_ bytes: ByteBuffer) {
        tally.receive(bytes, .request)
        if let piece = masked?.record(bytes) { record(piece, .request) } else { tally.leaveOut(bytes) }
    }

    /// Digests and records what was received of the request's body and not forwarded.
    private func receiveHeld() {
        tally.endForwarding(at: tally.requestState)
        let parts = held
        held = []
        for part in parts { receive(part) }
        if requestEnded.0, let piece = masked?.finish() { record(piece, .request) }
    }

    private func sendEnd(_ trailers: HTTPHeaders?, _ upstream: UpstreamExchange) {
        if let piece = masked?.finish() { record(piece, .request) }
        if let refusal = masked?.refusal { return giveUp(refusal, refusal.status.message) }
        upstream.sendEnd(trailers)
    }

    private func record(_ piece: MaskedPiece, _ direction: Direction) {
        let offset = tally.record(piece, direction)
        if direction == .response, let decodedBody {
            return decodedBody.record(piece.received, elapsed: tally.elapsed)
        }
        let limit = UInt64(loop.settings.limits.recordedBodyBytes ?? .max)
        let kept = piece.recorded.prefix(Int(clamping: limit > offset ? limit - offset : 0))
        tally.omit(piece.recorded.bytes.readableBytes - kept.bytes.readableBytes)
        if kept.bytes.readableBytes > 0 {
            loop.feed.chunk(exchange, direction, .body, offset: offset, kept, elapsed: tally.elapsed)
        }
        if !piece.maskings.isEmpty { seal(piece.maskings, direction) }
    }

    private func seal(_ masked: [MaskedSecret], _ direction: Direction) {
        if sealed == nil { sealed = SealedChannel(exchange, self.masked?.plan) }
        sealed?.seal(masked, direction, .body, &tally, loop.feed)
    }

    // MARK: flow

    func callerWritabilityChanged() { updateFlow() }

    /// Lets each side be read only while what it brings can be passed on and recorded.
    private func updateFlow() {
        guard case .forwarding(let upstream) = stage else { return }
        let recorderTakesMore = loop.feed.isWritable
        if !recorderTakesMore { loop.feed.whenWritable { self.updateFlow() } }
        caller.setReading(recorderTakesMore && upstream.isWritable)
        upstream.setReading(recorderTakesMore && caller.isWritable)
    }

    // MARK: endings

    /// The caller's connection is gone: the cluster's side ends at once.
    func callerGone() {
        isCallerGone = true
        let stage = stage
        self.stage = .over
        if case .forwarding(let upstream) = stage { upstream.cancel() }
        if isOpen { finish(.clientClosed, failure: nil) }
        guard awaitingBody != nil else { return }
        awaitingBody = nil
        place?.leave()
        loop.recordRefusal(.incomplete, head: head, target: target, source: source)
    }

    /// What comes of the request is no HTTP.
    func malformed(_ refusal: Refusal) { giveUp(refusal, "the request went on as no HTTP") }

    /// The rest of the request's body does not come.
    func bodyTimedOut() { giveUp(.slowBody, "the request's body did not come in time") }

    /// Ends the exchange with an answer of the gateway's own; where the cluster's has begun, by cutting it short.
    private func giveUp(_ refusal: Refusal, _ failure: String) {
        if case .over = stage { return }
        if case .forwarding(let upstream) = stage { upstream.cancel() }
        guard responseStatus == nil else {
            finish(.failed, failure: failure)
            stage = .over
            return caller.close()
        }
        caller.closeAfterResponse()
        awaitingBody = nil
        if !isOpen { loop.recordRefusal(refusal, head: head, target: target, source: source) }
        answer(refusal)
        finish(.failed, failure: failure, refused: refusal)
    }

    /// True for a watch or a followed log whose answer has begun.
    var isWatching: Bool {
        guard case .forwarding = stage else { return false }
        return place?.isStream == true && responseStatus != nil && upgrade == nil
    }

    /// Ends a watch as the API server ends it, so that the client asks again, elsewhere.
    func endWatch() {
        guard isWatching, case .forwarding(let upstream) = stage else { return }
        upstream.cancel()
        finish(.failed, failure: "ended by the gateway, which was stopping")
        caller.writeEnd()
    }

    /// The gateway stops and its grace is over.
    func gatewayStopping() {
        isCallerGone = true
        let stage = stage
        self.stage = .over
        if case .forwarding(let upstream) = stage { upstream.cancel() }
        if isOpen { finish(.failed, failure: "the gateway was stopped") }
    }

    /// Refuses before anything was opened: recorded as a decision, since no identity stands behind it.
    private func refuse(_ refusal: Refusal, by identity: Identity? = nil) {
        loop.recordRefusal(refusal, head: head, target: target, source: source, identity: identity)
        answer(refusal)
    }

    private func answer(_ refusal: Refusal) {
        if case .over = stage { return }
        stage = .over
        responseStatus = refusal.status.code
        caller.respond(refusal.status, to: head, retryAfter: refusal.retryAfter, exchange: exchange)
    }

    /// Closes the record.
    ///
    /// - Parameters:
    ///   - outcome: how it ended.
    ///   - failure: why, where it did not end well.
    ///   - refused: what the gateway answered in its own words.
    ///   - then: done for a caller who is still there, after a change when the record is written.
    private func finish(_ outcome: Outcome, failure: String?, refused: Refusal? = nil, then: (() -> Void)? = nil) {
        guard isOpen else { return }
        isOpen = false
        stage = .over
        release?.cancel()
        release = nil
        var closing = tally.closing(
            exchange, status: responseStatus, outcome: outcome, failure: failure, time: .now(),
            conceal: { masked?.plan.conceal($0) ?? $0 })
        closing.headers = responseHeaders
        closing.refused = refused?.cause
        closing.decoded = decodedBody?.end(elapsed: tally.elapsed)
        if let then, let request, loop.feed.isDurable(request.requestInfo) {
            anchor = self
            loop.feed.close(closing) {
                self.anchor = nil
                if !self.isCallerGone { then() }
            }
        } else {
            loop.feed.close(closing)
            then?()
        }
        place?.leave()
        count(code: responseStatus ?? 0, outcome == .failed ? .failed : .allow)
        if let failure {
            loop.log.info(
                "ended early",
                metadata: ["exchange": "\(exchange)", "outcome": "\(outcome.rawValue)", "failure": "\(failure)"])
        }
    }

    private func count(code: Int, _ verdict: ExchangeLabels.Verdict) {
        guard let request else { return }
        let labels = ExchangeLabels(request.requestInfo, cluster: request.cluster, code: code, verdict: verdict)
        loop.metrics.count(labels)
        if place?.isStream != true { loop.metrics.time(labels, nanoseconds: tally.elapsed) }
        loop.metrics.add(bytes: tally.requestBytes, .request, request.cluster)
        loop.metrics.add(bytes: tally.responseBytes, .response, request.cluster)
    }
}

// MARK: the response's way

extension Relay: UpstreamObserver {
    func upstreamHead(_ head: HTTPResponseHead) {
        responseStatus = Int(head.status.code)
        responseHeaders = RecordedHeaders.record(head.headers)
        retryAfter = head.headers.first(name: "retry-after").flatMap { Int($0) }
        if responseStatus == 401 { loop.credentialRefused(by: clusterText) }
        let isUpgraded = head.status == .switchingProtocols
        guard !isUpgraded || mayBeUpgraded else { return refuseAnswer(.unaskedUpgrade) }
        if isUpgraded { upgrade = StreamProtocol.Answer(head) }
        needsFlush = true
        var headers = ResponseHeaders.forwarded(head.headers, isUpgraded: isUpgraded)
        if !isUpgraded {
            let hasBody = head.status.mayHaveResponseBody && self.head.method != .HEAD
            do throws(MaskingFault) {
                let masker = try masked?.plan.responseMasker(
                    contentType: headers.first(name: "content-type"),
                    contentEncoding: headers.first(name: "content-encoding"), status: Int(head.status.code))
                if masker?.mayChange != true, loop.settings.limits.recordedBodyBytes == nil {
                    decodedBody = DecodedBody(head, of: request?.requestInfo, exchange, feed: loop.feed)
                }
                let answer = MaskedAnswer(masker ?? .open, head, headers, hasBody: hasBody)
                maskedAnswer = answer
                if answer.waitingHead != nil { return }
                if answer.mayChange { headers.remove(name: "content-length") }
            } catch { return unmaskable(error) }
        }
        caller.writeHead(status: head.status, headers: headers, to: self.head)
    }

    func upstreamBody(_ bytes: ByteBuffer) {
        guard case .forwarding = stage else { return }
        tally.receive(bytes, .response)
        do throws(MaskingFault) {
            if let piece = try maskedAnswer?.consume(bytes) { deliver(piece) }
        } catch { unmaskable(error) }
    }

    /// Records and writes what was masked.
    private func deliver(_ piece: MaskedPiece) {
        record(piece, .response)
        guard let bytes = maskedAnswer?.deliver(piece) else { return }
        caller.writeBody(bytes)
        needsFlush = true
    }

    /// The answer cannot be looked through: nothing more of it is delivered.
    private func unmaskable(_ fault: MaskingFault) {
        guard case .forwarding(let upstream) = stage else { return }
        let refusal = Refusal.unmaskable(fault, status: responseStatus, retryAfter: retryAfter)
        if maskedAnswer == nil || maskedAnswer?.waitingHead != nil { return refuseAnswer(refusal) }
        upstream.cancel()
        finish(.failed, failure: refusal.status.message, refused: refusal)
        caller.close()
    }

    /// Refuses what the cluster answered, before any of it was delivered.
    private func refuseAnswer(_ refusal: Refusal) {
        guard case .forwarding(let upstream) = stage else { return }
        upstream.cancel()
        refuseOpened(refusal)
    }

    /// Gives after a moment what waits for its line's end, and after a longer one also what may be a secret's beginning.
    private func awaitRelease(isLate: Bool) {
        guard release == nil, maskedAnswer?.holdsBack == true else { return }
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        release = loop.eventLoop.scheduleTask(in: isLate ? MaskedAnswer.longPatience : MaskedAnswer.patience) {
            let relay = bound.value
            relay.release = nil
            guard case .forwarding = relay.stage, let piece = relay.maskedAnswer?.release(isLate: isLate) else {
                return
            }
            relay.deliver(piece)
            relay.caller.flush()
            relay.awaitRelease(isLate: true)
        }
    }

    func upstreamReadComplete() {
        awaitRelease(isLate: false)
        if needsFlush {
            needsFlush = false
            caller.flush()
        }
        updateFlow()
    }

    func upstreamEnd(_ trailers: HTTPHeaders?) {
        if let upgrade { return beginTunnel(upgrade) }
        guard case .forwarding = stage else { return }
        do throws(MaskingFault) {
            if let piece = try maskedAnswer?.finish() { deliver(piece) }
        } catch { return unmaskable(error) }
        if let answer = maskedAnswer?.gather() {
            caller.writeHead(status: answer.status, headers: answer.headers, to: head)
            for bytes in answer.body { caller.writeBody(bytes) }
        }
        needsFlush = false
        // Who has the whole answer to a change finds its whole record, however the gateway ends.
        finish(.complete, failure: nil) { self.caller.writeEnd(trailers) }
    }

    func upstreamWritabilityChanged() { updateFlow() }

    func upstreamFailed(_ fault: UpstreamFault) {
        guard case .forwarding = stage else { return }
        guard responseStatus == nil else {
            // The answer had begun: it must end as it did for the gateway, cut short, never as if it were whole.
            finish(.upstreamClosed, failure: Refusal.sentence(fault))
            return caller.close()
        }
        // Nothing went to a cluster that could not be reached.
        if case .unreachable = fault { tally.endForwarding(at: (0, nil)) }
        if let cluster = ClusterName(clusterText) { answer(.upstream(fault, cluster: cluster)) }
        finish(.failed, failure: Refusal.sentence(fault))
    }

    private func tunnelClosed(_ tally: ExchangeTally) {
        self.tally = tally
        place?.leave()
        count(code: responseStatus ?? 0, .allow)
    }

    private func beginTunnel(_ answer: StreamProtocol.Answer) {
        guard case .forwarding(let upstream) = stage, let upstreamChannel = upstream.takeTunnel(),
            let callerChannel = caller.takeTunnel()
        else { return callerGone() }
        caller.flush()
        (stage, isOpen) = (.over, false)
        let agreement = StreamTap.Agreement(answer, request: request?.requestInfo, query: target.query)
        let tap = StreamTap(
            .init(
                id: exchange, tally: tally, status: responseStatus, headers: responseHeaders, masking: masked?.plan),
            agreement, feed: loop.feed, onClose: { tally in self.tunnelClosed(tally) })
        Tunnel.begin(caller: callerChannel, upstream: upstreamChannel, tap: tap, registry: loop.tunnels)
    }
}
