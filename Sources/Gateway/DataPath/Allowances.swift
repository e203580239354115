import LocalState
import Synchronization
import Vocabulary

/// How much each identity may ask for. Counted across all event loops, with atomics alone once an identity is known.
final class Allowances: Sendable {
    private struct Key: Hashable {
        let issuer: String
        let username: String
    }

    private static let capacity = 20_000
    private let limits: GatewayConfiguration.Limits.PerIdentity
    private let known: Mutex<[Key: Allowance]> = Mutex([:])

    init(_ limits: GatewayConfiguration.Limits.PerIdentity) { self.limits = limits }

    /// The allowance of an identity: one for all its tokens.
    func allowance(of identity: Identity) -> Allowance {
        let key = Key(issuer: identity.issuer, username: identity.username)
        return known.withLock { known in
            if let allowance = known[key] { return allowance }
            if known.count >= Self.capacity { known = known.filter { !$0.value.isIdle } }
            let allowance = Allowance(limits)
            known[key] = allowance
            return allowance
        }
    }
}

/// What one identity uses of what it may.
final class Allowance: Sendable {
    /// Why a request must wait, and for how many seconds at least.
    enum Excess: Hashable, Sendable {
        case concurrent(limit: Int)
        case streams(limit: Int)
        case rate(limit: Int, retryAfter: Int)
    }

    private let limits: GatewayConfiguration.Limits.PerIdentity
    private let exchanges = Atomic<Int>(0)
    private let streams = Atomic<Int>(0)
    /// When the requests so far would have been due, had they come evenly, in nanoseconds of the monotonic clock (GCRA).
    private let dueAt = Atomic<UInt64>(0)

    init(_ limits: GatewayConfiguration.Limits.PerIdentity) { self.limits = limits }

    var isIdle: Bool {
        exchanges.load(ordering: .relaxed) == 0 && streams.load(ordering: .relaxed) == 0
            && dueAt.load(ordering: .relaxed) < MonotonicClock.nanoseconds()
    }

    /// Counts a request in.
    ///
    /// - Parameters:
    ///   - isStream: true for what lasts: watches, followed logs, upgraded connections.
    ///   - now: nanoseconds of the monotonic clock.
    /// - Throws: what it would exceed; nothing is counted then.
    func enter(isStream: Bool, now: UInt64) throws(Excess) {
        try countRequest(now)
        let (counter, limit) = isStream ? (1, limits.streams) : (0, limits.concurrent)
        let isFree =
            counter == 1
            ? streams.add(1, ordering: .relaxed).newValue <= limit
            : exchanges.add(1, ordering: .relaxed).newValue <= limit
        guard isFree else {
            leave(isStream: isStream)
            throw isStream ? .streams(limit: limit) : .concurrent(limit: limit)
        }
    }

    func leave(isStream: Bool) {
        if isStream { streams.subtract(1, ordering: .relaxed) } else { exchanges.subtract(1, ordering: .relaxed) }
    }

    private func countRequest(_ now: UInt64) throws(Excess) {
        let interval = UInt64(1_000_000_000 / max(1, limits.requestsPerSecond))
        let ahead = interval * UInt64(max(1, limits.burst))
        var due = dueAt.load(ordering: .relaxed)
        while true {
            let next = max(due, now) + interval
            guard next <= now + ahead else {
                let wait = (next - now - ahead) / 1_000_000_000 + 1
                throw .rate(limit: limits.requestsPerSecond, retryAfter: Int(wait))
            }
            let (exchanged, original) = dueAt.weakCompareExchange(expected: due, desired: next, ordering: .relaxed)
            if exchanged { return }
            due = original
        }
    }
}

extension Allowance.Excess: Error {}

/// How many exchanges a cluster has at once.
final class ClusterAllowance: Sendable {
    let limit: Int?
    private let exchanges = Atomic<Int>(0)

    init(limit: Int?) { self.limit = limit }

    func enter() -> Bool {
        guard let limit else { return true }
        if exchanges.add(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    func leave() {
        if limit != nil { exchanges.subtract(1, ordering: .relaxed) }
    }
}

/// One exchange's place among what an identity and a cluster may have at once. Given back once, at the latest when
/// nobody holds it any more.
final class Place {
    private let allowance: Allowance
    private let cluster: ClusterAllowance
    let isStream: Bool
    private var isHeld = true

    /// Takes over places that were entered.
    init(_ allowance: Allowance, _ cluster: ClusterAllowance, isStream: Bool) {
        self.allowance = allowance
        self.cluster = cluster
        self.isStream = isStream
    }

    func leave() {
        guard isHeld else { return }
        isHeld = false
        allowance.leave(isStream: isStream)
        cluster.leave()
    }

    deinit { leave() }
}
