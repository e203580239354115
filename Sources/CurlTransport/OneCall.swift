import Synchronization

extension CurlEngine {
    /// An answer held in memory.
    public struct Answer: Sendable {
        public let head: TransportHead
        public let body: [UInt8]
    }

    /// Sends a request and waits for its whole answer: for control calls, whose answers are small. A body of more than
    /// `limit` bytes is not held.
    public func call(_ request: TransportRequest, limit: Int = 64 << 20) async throws(TransportFault) -> Answer {
        let collector = Collector(engine: self, limit: limit)
        let result = await withCheckedContinuation { continuation in
            collector.begin(request, continuation)
        }
        return try result.get()
    }
}

/// Gathers one answer.
private final class Collector: TransferObserver {
    private struct State {
        var head: TransportHead?
        var body: [UInt8] = []
        var continuation: CheckedContinuation<Result<CurlEngine.Answer, TransportFault>, Never>?
        /// The engine knows its observers weakly.
        var anchor: Collector?
    }

    private let limit: Int
    private let engine: CurlEngine
    private let id: TransferID
    private let state: Mutex<State> = Mutex(State())

    init(engine: CurlEngine, limit: Int) {
        self.engine = engine
        self.limit = limit
        id = engine.mint()
    }

    func begin(
        _ request: TransportRequest,
        _ continuation: CheckedContinuation<Result<CurlEngine.Answer, TransportFault>, Never>
    ) {
        state.withLock {
            $0.continuation = continuation
            $0.anchor = self
        }
        engine.start(id, request, observer: self)
    }

    func transferHead(_ head: TransportHead) { state.withLock { $0.head = head } }

    func transferBody(_ bytes: [UInt8]) {
        let isTooLarge = state.withLock { state in
            state.body.append(contentsOf: bytes)
            return state.body.count > limit
        }
        engine.consumed(id, bytes.count)
        guard isTooLarge else { return }
        engine.cancel(id)
        finish(.failure(.tooLarge(limit: limit)))
    }

    func transferEnded(_ fault: TransportFault?) {
        if let fault { return finish(.failure(fault)) }
        let (head, body) = state.withLock { ($0.head, $0.body) }
        guard let head else { return finish(.failure(.broken("no answer came"))) }
        finish(.success(CurlEngine.Answer(head: head, body: body)))
    }

    func transferTook(_ count: Int) {}

    private func finish(_ result: Result<CurlEngine.Answer, TransportFault>) {
        let continuation = state.withLock { state in
            defer {
                state.continuation = nil
                state.anchor = nil
            }
            return state.continuation
        }
        continuation?.resume(returning: result)
    }
}
