import LocalState
import Synchronization

/// What the shim knows of the gateway: while it cannot be reached, it is asked now and then, and requests in between are
/// told at once.
final class GatewayHealth: Sendable {
    /// How long a request waits before each further attempt, in milliseconds.
    static let pauses: [Int64] = [100, 300, 900]
    /// The pause after the first failure, doubled after each further one up to the longest, in nanoseconds.
    private static let firstPause: UInt64 = 500_000_000
    private static let longestPause: UInt64 = 5_000_000_000

    private struct State {
        var words = ""
        var pause: UInt64 = 0
        var nextAttempt: UInt64 = 0
    }

    private let state: Mutex<State> = Mutex(State())
    private let now: @Sendable () -> UInt64

    init(now: @escaping @Sendable () -> UInt64 = MonotonicClock.nanoseconds) { self.now = now }

    /// Why the gateway is not to be asked now; nil where it may be.
    func knownDown() -> String? {
        let now = now()
        return state.withLock { $0.pause > 0 && now < $0.nextAttempt ? $0.words : nil }
    }

    /// No connection could be made. Several that fail at the same time count once.
    func failed(_ words: String) {
        let now = now()
        state.withLock { state in
            state.words = words
            guard now >= state.nextAttempt else { return }
            state.pause = state.pause == 0 ? Self.firstPause : min(state.pause * 2, Self.longestPause)
            state.nextAttempt = now + state.pause
        }
    }

    /// There was a connection.
    func answered() {
        state.withLock { state in
            if state.pause > 0 { state = State() }
        }
    }
}
