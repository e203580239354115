import CurlTransport
import KubernetesWire
import NIOCore
import NIOHTTP1
import Synchronization
import Tagging

/// One request on its way from the caller through libcurl to the gateway, and back. Lives on the caller's event loop;
/// libcurl's thread reaches it through `TransferBridge`.
final class ShimCall {
    /// Bytes of a request's body that may wait for libcurl before the caller is no longer read.
    private static let sendWindow = 512 << 10
    /// Bytes of the answer after which libcurl is told that the caller took them, which wakes its thread; far less than
    /// what it lets lie unconfirmed.
    private static let confirmation = 64 << 10

    private let head: HTTPRequestHead
    private let services: ShimServices
    private let peer: EventLoopFuture<ShimPeer>
    private let eventLoop: any EventLoop
    private weak var caller: ShimHandler?
    private var bridge: TransferBridge?
    private var upgrade: ShimUpgrade?
    private var held: [ByteBuffer] = []
    private var requestEnded = false
    private var unsent = 0
    private var unconfirmed = 0
    private var headWritten = false
    private var isOver = false
    private var gateway = "the gateway"
    private var attempts = 0

    init(
        _ head: HTTPRequestHead, _ services: ShimServices, _ peer: EventLoopFuture<ShimPeer>, _ caller: ShimHandler,
        _ eventLoop: any EventLoop
    ) {
        self.head = head
        self.services = services
        self.peer = peer
        self.caller = caller
        self.eventLoop = eventLoop
    }

    func start() {
        token().and(peer).assumeIsolated().whenComplete { result in
            switch result {
            case .success((let token, let peer)): self.begin(token, peer)
            case .failure(let error): self.fail(error)
            }
        }
    }

    private func token() -> EventLoopFuture<GatewaySession.Token> {
        let session = services.session
        if let token = session.atHand { return eventLoop.makeSucceededFuture(token) }
        let promise = eventLoop.makePromise(of: GatewaySession.Token.self)
        promise.completeWithTask { try await session.current() }
        return promise.futureResult
    }

    private func begin(_ token: GatewaySession.Token, _ peer: ShimPeer) {
        guard !isOver, let caller else { return }
        if peer.isStranger {
            isOver = true
            return caller.refuseStranger()
        }
        gateway = token.gateway
        if attempts == 0, let words = services.health.knownDown() {
            return end(refusing: .gatewayDown(token.gateway, cause: words))
        }
        let context = peer.context(or: services.context)()
        services.prompts?.mention(context.byline, token)
        if ShimRequest.isUpgrade(head) {
            var connection = TransportRequest(method: "GET", url: token.gateway, trust: token.trust)
            connection.clientCertificate = token.clientCertificate
            let upgrade = ShimUpgrade(
                request: ShimRequest.upgradeBytes(head, token, context),
                connection: connection,
                engine: services.engine,
                call: self, eventLoop: eventLoop)
            self.upgrade = upgrade
            return upgrade.start()
        }
        if head.headers.contains(name: "expect"), attempts == 0 {
            caller.writeHead(status: 100, headers: HTTPHeaders())
        }
        let request = ShimRequest.transport(head, token, context)
        let bridge = TransferBridge(self, services.engine, eventLoop)
        self.bridge = bridge
        bridge.start(request)
        let parts = held
        held = []
        for part in parts { send(part) }
        if requestEnded { endBody() }
    }

    // MARK: the caller's side

    func requestBody(_ bytes: ByteBuffer) {
        guard !isOver else { return }
        if bridge == nil { held.append(bytes) } else { send(bytes) }
        if bridge == nil { caller?.setReading(false) }
    }

    private func send(_ bytes: ByteBuffer) {
        unsent += bytes.readableBytes
        bridge?.send(Array(bytes.readableBytesView))
        caller?.setReading(unsent < Self.sendWindow)
    }

    func requestEnd() {
        requestEnded = true
        endBody()
    }

    private func endBody() { if ShimRequest.hasBody(head) { bridge?.endBody() } }

    func callerBecameWritable() { confirm() }

    func cancel() {
        isOver = true
        bridge?.cancel()
        upgrade?.cancel()
        bridge = nil
        upgrade = nil
    }

    // MARK: the gateway's side

    func received(_ head: TransportHead) {
        guard !isOver, let caller else { return }
        headWritten = true
        caller.writeHead(status: head.status, headers: ShimResponse.headers(head))
    }

    func received(_ bytes: [UInt8]) {
        guard !isOver, let caller else { return }
        unconfirmed += bytes.count
        caller.writeBody(ByteBuffer(bytes: bytes))
        confirm()
    }

    /// Asks for more only when the caller's side takes more.
    private func confirm() {
        guard unconfirmed >= Self.confirmation, caller?.isWritable == true else { return }
        bridge?.consumed(unconfirmed)
        unconfirmed = 0
    }

    func took(_ count: Int) {
        unsent -= count
        if unsent < Self.sendWindow { caller?.setReading(true) }
    }

    func ended(_ fault: TransportFault?) {
        guard !isOver else { return }
        bridge = nil
        if case .unreachable(let words) = fault {
            services.health.failed(words)
            if retry() { return }
        } else {
            services.health.answered()
        }
        isOver = true
        guard let fault else { caller?.writeEnd(); return }
        if headWritten { caller?.close() } else { refuse(.unreachable(what: gateway, fault)) }
    }

    private func fail(_ error: any Error) {
        if !isOver { end(refusing: error as? ClientFault ?? .cannotListen("\(error)")) }
    }

    /// A gateway that is started anew is away for a moment. A request without a body, of which nothing was sent, tries
    /// again before the caller is told.
    private func retry() -> Bool {
        guard attempts < GatewayHealth.pauses.count, !headWritten, !ShimRequest.hasBody(head), upgrade == nil else {
            return false
        }
        let pause = GatewayHealth.pauses[attempts]
        attempts += 1
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        _ = eventLoop.scheduleTask(in: .milliseconds(pause)) { bound.value.start() }
        return true
    }

    private func end(refusing fault: ClientFault) {
        isOver = true
        refuse(fault)
    }

    func refuse(_ fault: ClientFault) {
        let advice = fault.advice
        caller?.respond(Status(.serviceUnavailable, "byline: \(advice.failure); \(advice.hint)"))
    }

    // MARK: upgrades

    /// The gateway did not upgrade: its answer is the caller's, and ends with its connection.
    func upgradeRefused(_ head: TransportHead) { received(head) }

    func upgradeRefusedBody(_ bytes: ByteBuffer) { if !isOver { caller?.writeBody(bytes) } }

    func upgradeEnded(_ fault: TransportFault?) {
        upgrade = nil
        ended(fault)
    }

    /// The gateway upgraded: gives the caller's bare channel away.
    func upgraded(_ head: TransportHead) -> (any Channel)? {
        guard !isOver, let caller else { return nil }
        isOver = true
        var headers = ShimResponse.headers(head)
        headers.add(name: "Connection", value: "Upgrade")
        if let upgrade = head.header("upgrade") { headers.add(name: "Upgrade", value: upgrade) }
        caller.writeHead(status: 101, headers: headers)
        return caller.takeTunnel()
    }
}

/// Carries libcurl's calls from its thread to the call's event loop.
final class TransferBridge: TransferObserver {
    private let call: NIOLoopBound<ShimCall>
    private let engine: CurlEngine
    private let id: TransferID
    /// What is told until the turn ends.
    private let news: Mutex<[@Sendable (ShimCall) -> Void]> = Mutex([])

    init(_ call: ShimCall, _ engine: CurlEngine, _ eventLoop: any EventLoop) {
        self.call = NIOLoopBound(call, eventLoop: eventLoop)
        self.engine = engine
        id = engine.mint()
    }

    func start(_ request: TransportRequest) { engine.start(id, request, observer: self) }
    func send(_ bytes: [UInt8]) { engine.send(id, bytes) }
    func endBody() { engine.endBody(id) }
    func consumed(_ count: Int) { engine.consumed(id, count) }
    func cancel() { engine.cancel(id) }

    func transferHead(_ head: TransportHead) { add { $0.received(head) } }
    func transferBody(_ bytes: [UInt8]) { add { $0.received(bytes) } }
    func transferEnded(_ fault: TransportFault?) { add { $0.ended(fault) } }
    func transferTook(_ count: Int) { add { $0.took(count) } }

    private func add(_ news: @escaping @Sendable (ShimCall) -> Void) { self.news.withLock { $0.append(news) } }

    /// A short answer comes whole in one turn: its head, its body and its end wake the event loop once.
    func turnEnded() {
        let news = news.withLock { news in
            defer { news = [] }
            return news
        }
        guard !news.isEmpty else { return }
        call.eventLoop.execute { for one in news { one(self.call.value) } }
    }
}
