import Synchronization

/// An answer whose body is read piece by piece, for what may be larger than memory. What is not read is held back at the
/// sender. It is read by one reader; forgotten, it ends the transfer.
public final class StreamedAnswer: TransferObserver {
    private typealias Waiting = CheckedContinuation<Void, Never>

    private struct State {
        var head: TransportHead?
        var pieces: [[UInt8]] = []
        var fault: TransportFault?
        var isOver = false
        var waiting: Waiting?
    }

    private let engine: CurlEngine
    private let id: TransferID
    private let state: Mutex<State> = Mutex(State())

    /// Sends the request.
    public init(_ engine: CurlEngine, _ request: TransportRequest) {
        self.engine = engine
        id = engine.mint()
        engine.start(id, request, observer: self)
    }

    deinit { engine.cancel(id) }

    /// The answer's head, once it is there.
    public func head() async throws(TransportFault) -> TransportHead {
        while true {
            let (head, fault, isOver) = state.withLock { ($0.head, $0.fault, $0.isOver) }
            if let head { return head }
            if isOver { throw fault ?? .broken("no answer came") }
            await change { $0.head != nil || $0.isOver }
        }
    }

    /// The next piece of the body; nil at its end.
    public func next() async throws(TransportFault) -> [UInt8]? {
        while true {
            let (piece, fault, isOver) = state.withLock { state in
                (state.pieces.isEmpty ? nil : state.pieces.removeFirst(), state.fault, state.isOver)
            }
            if let piece {
                engine.consumed(id, piece.count)
                return piece
            }
            if isOver {
                if let fault { throw fault }
                return nil
            }
            await change { !$0.pieces.isEmpty || $0.isOver }
        }
    }

    /// Waits until there is what is looked for; at once where it is there.
    private func change(_ isThere: (borrowing State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if isThere(state) { return true }
                state.waiting = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func update(_ body: (inout State) -> Void) {
        let waiting = state.withLock { state in
            body(&state)
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    public func transferHead(_ head: TransportHead) { update { $0.head = head } }

    public func transferBody(_ bytes: [UInt8]) { update { $0.pieces.append(bytes) } }

    public func transferEnded(_ fault: TransportFault?) {
        update {
            $0.fault = fault
            $0.isOver = true
        }
    }

    public func transferTook(_ count: Int) {}
}
