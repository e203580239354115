import Masking
import Recording
import Synchronization
import Vocabulary

/// Bounds what unproven peers can make the gateway record, so that no flood displaces exchanges. The first twenty refusals of one
/// source and cause within a second have a frame each; one frame counts the others. Texts are cut. All refusals share a budget.
///
/// The budget is a token bucket in bytes. When it is empty, refusals are counted by cause alone, in one frame a minute.
final class RefusalLedger: Sendable {
    /// How many bytes of frames unproven refusals may take.
    struct Budget: Hashable, Sendable {
        /// Bytes at once.
        let burst: Int
        /// Bytes a day.
        let daily: Int

        /// At most an eighth of what the journal keeps, where an operator limits it.
        init(retainedBytes: UInt64?) {
            let share = retainedBytes.map { Int(clamping: $0 / 8) } ?? .max
            daily = min(16 << 20, share)
            burst = min(1 << 20, max(share / 4, 64 << 10))
        }
    }

    private struct Key: Hashable {
        let source: String
        let cause: String
        let person: String?
    }

    /// The refusals of one source and cause within a second.
    private struct Counted {
        var last: RefusedRequest
        /// Those that have a frame each.
        var single = 0
        /// Those that are told by their number.
        var more = 0
    }

    private struct State {
        var tokens: Double
        var refilled: UInt64
        var counted: [Key: Counted] = [:]
        /// Refusals beyond the budget, counted by cause.
        var dropped: [String: RefusedRequest] = [:]
        var told: UInt64
    }

    /// Sources and causes that are told apart within a second.
    private static let mostKeys = 1_024
    /// Refusals of one source and cause within a second that have a frame each.
    private static let mostSingle = 20
    /// The size of a frame without its texts, in bytes.
    private static let frameBytes = 256
    private static let second: UInt64 = 1_000_000_000
    private let budget: Budget
    private let state: Mutex<State>

    init(_ budget: Budget, now: UInt64) {
        self.budget = budget
        state = Mutex(State(tokens: Double(budget.burst), refilled: now, told: now))
    }

    /// Counts a refusal, and decides whether it gets a frame of its own.
    ///
    /// - Parameters:
    ///   - refused: the refusal.
    ///   - now: nanoseconds of a clock that never steps.
    /// - Returns: what is to be recorded at once; nil for what is counted.
    func take(_ refused: RefusedRequest, now: UInt64) -> RefusedRequest? {
        let refused = refused.shortened
        let key = Key(source: refused.sourceAddress, cause: refused.cause, person: refused.identity?.username)
        return state.withLock { state in
            if state.counted[key] == nil, state.counted.count >= Self.mostKeys {
                drop(&state, refused)
                return nil
            }
            var known = state.counted[key] ?? Counted(last: refused)
            defer { state.counted[key] = known }
            known.last = refused
            if known.single < Self.mostSingle, pay(&state, refused, now) {
                known.single += 1
                return refused
            }
            known.more += 1
            return nil
        }
    }

    /// The counted refusals of the second that is over. To be asked once a second.
    func due(now: UInt64) -> [RefusedRequest] {
        state.withLock { state in
            var due: [RefusedRequest] = []
            for counted in state.counted.values where counted.more > 0 {
                var refused = counted.last
                refused.count = counted.more
                if pay(&state, refused, now) { due.append(refused) } else { drop(&state, refused) }
            }
            state.counted.removeAll(keepingCapacity: true)
            if now >= state.told + 60 * Self.second, !state.dropped.isEmpty {
                due += state.dropped.values.sorted { $0.cause < $1.cause }
                state.dropped = [:]
                state.told = now
            }
            return due
        }
    }

    private func pay(_ state: inout State, _ refused: RefusedRequest, _ now: UInt64) -> Bool {
        let perNanosecond = Double(budget.daily) / 86_400 / Double(Self.second)
        state.tokens = min(Double(budget.burst), state.tokens + Double(now - min(now, state.refilled)) * perNanosecond)
        state.refilled = now
        let price = Double(Self.frameBytes + refused.target.text.utf8.count + refused.reason.utf8.count)
        guard state.tokens >= price else { return false }
        state.tokens -= price
        return true
    }

    private func drop(_ state: inout State, _ refused: RefusedRequest) {
        if var known = state.dropped[refused.cause] {
            known.count += refused.count
            known.time = refused.time
            state.dropped[refused.cause] = known
        } else {
            state.dropped[refused.cause] = refused.withoutSource
        }
    }
}

extension RefusedRequest {
    private static let longestText = 512

    /// With texts that are cut: an unproven peer chooses their length.
    fileprivate var shortened: RefusedRequest {
        RefusedRequest(
            method: String(method.prefix(16)), target: target.prefix(Self.longestText),
            sourceAddress: sourceAddress, cause: cause, reason: String(reason.prefix(Self.longestText)), status: status,
            time: time, identity: identity)
    }

    /// The same refusal for many sources: without method, target and address.
    fileprivate var withoutSource: RefusedRequest {
        var all = RefusedRequest(
            method: "", target: target.prefix(0), sourceAddress: "", cause: cause, reason: reason, status: status,
            time: time, identity: nil)
        all.count = count
        return all
    }
}
