import KubernetesWire
import LocalState
import NIOCore
import NIOHTTP1
import Recording
import Vocabulary

/// One request to the gateway itself on its way to the page that answers it.
final class ControlCall {
    /// The longest request body, in bytes: a prompt. Nothing else of ours is near it.
    static let bodyLimit = PromptKeeping.longestText

    private let head: HTTPRequestHead
    private let target: RequestTarget
    private let peer: SocketAddress?
    private let local: SocketAddress?
    private let loop: LoopServices
    private weak var caller: ExchangeHandler?
    private var body: [UInt8] = []
    private var isOver = false
    private(set) var isWatching = false
    private var task: Task<Void, Never>?

    init(
        head: HTTPRequestHead, target: RequestTarget, peer: SocketAddress?, local: SocketAddress?, loop: LoopServices,
        caller: ExchangeHandler
    ) {
        self.head = head
        self.target = target
        self.peer = peer
        self.local = local
        self.loop = loop
        self.caller = caller
    }

    func start() {
        if head.headers.contains(name: "expect") { caller?.writeContinue() }
    }

    func requestBody(_ bytes: ByteBuffer) {
        guard !isOver else { return }
        guard body.count + bytes.readableBytes <= Self.bodyLimit else {
            return refuse(.tooLarge(Self.bodyLimit))
        }
        body.append(contentsOf: bytes.readableBytesView)
    }

    /// Refuses a request that has not come to its end.
    func refuse(_ refusal: Refusal) {
        guard !isOver else { return }
        isOver = true
        record(refusal)
        caller?.closeAfterResponse()
        caller?.respond(refusal.status, to: head)
    }

    func requestEnd() {
        guard !isOver else { return }
        let request = ControlRequest(
            method: head.method.rawValue, path: target.path, query: target.query ?? "", headers: head.headers,
            body: body,
            peer: peer, local: local, certificateThumbprint: caller?.certificateThumbprint())
        let pages = loop.settings.pages
        let eventLoop = loop.eventLoop
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        task = Task {
            let response = await pages.respond(to: request)
            let began = try? await eventLoop.submit { bound.value.record(response) && bound.value.begin(response) }
                .get()
            guard began == true, let stream = response.stream else { return }
            do {
                while let piece = try await stream() {
                    guard try await eventLoop.flatSubmit({ bound.value.write(piece) }).get() else { return }
                }
                try await eventLoop.submit { bound.value.end() }.get()
            } catch { try? await eventLoop.submit { bound.value.cutShort() }.get() }
        }
    }

    private func record(_ refusal: Refusal) {
        loop.recordRefusal(refusal, head: head, target: target, source: peer?.ipAddress ?? "")
    }

    /// Records what was refused, the prompt that was taken, or who reads the record. Where that cannot be recorded nothing
    /// is taken or read.
    ///
    /// - Returns: false where it cannot, and the caller was told.
    private func record(_ response: ControlResponse) -> Bool {
        if let refusal = response.refusal { record(refusal) }
        if let note = response.note { loop.feed.note(note) }
        if let prompt = response.prompt, let refusal = loop.record(prompt) {
            _ = begin(.refusal(refusal))
            return false
        }
        guard !isOver, let reader = response.reader else { return true }
        let fault = loop.recordReading(
            by: reader, head: head, target: target, source: peer?.ipAddress ?? "", status: Int(response.status.code))
        guard let fault else { return true }
        _ = begin(.refusal(.unrecordedReading(fault)))
        return false
    }

    /// Ends a watch, as a stopping gateway does.
    func endWatch() {
        if isWatching { task?.cancel() }
    }

    /// The caller is gone.
    func cancel() {
        isOver = true
        task?.cancel()
    }

    private func begin(_ response: ControlResponse) -> Bool {
        guard !isOver, let caller else { return false }
        var headers = response.headers
        // RFC 9110 §6.6.1; a client compares its clock with it.
        headers.replaceOrAdd(name: "Date", value: Timestamp.now().httpDate)
        if response.refusal != nil {
            headers.replaceOrAdd(name: ExchangeHandler.auditHeader, value: loop.mintExchange().description)
        }
        if response.stream == nil { headers.replaceOrAdd(name: "Content-Length", value: String(response.body.count)) }
        caller.writeHead(status: response.status, headers: headers, to: head)
        if response.stream != nil, head.method != .HEAD {
            isWatching = response.isWatch
            return true
        }
        if !response.body.isEmpty, head.method != .HEAD { caller.writeBody(ByteBuffer(bytes: response.body)) }
        end()
        return false
    }

    /// Writes a piece; the answer comes when the caller's side has taken it, false where the caller is gone.
    private func write(_ piece: ByteBuffer) -> EventLoopFuture<Bool> {
        guard !isOver, let caller else { return loop.eventLoop.makeSucceededFuture(false) }
        return caller.writeAndFlushBody(piece).map { true }
    }

    private func end() {
        guard !isOver else { return }
        isOver = true
        caller?.writeEnd()
    }

    private func cutShort() {
        isOver = true
        caller?.close()
    }
}
