import LocalState
import Synchronization

/// Where an issuer's keys come from.
public protocol KeySource: Sendable {
    /// The key that a token names.
    func key(_ id: String?, algorithm: String) async throws(AuthenticationFault) -> VerificationKey
    /// How the keys stand.
    var status: KeyStatus { get }
}

/// How an issuer's keys stand, for `/readyz`.
public struct KeyStatus: Sendable {
    /// False where no token of the issuer can be verified now.
    public let isUsable: Bool
    /// Why the last attempt to fetch them failed; nil where it did not.
    public let failure: String?
}

/// Keys that stay as they are: from a file, or of an embedded issuer.
public struct FixedKeys: KeySource {
    private let keys: KeySet

    public init(_ keys: KeySet) { self.keys = keys }

    public func key(_ id: String?, algorithm: String) throws(AuthenticationFault) -> VerificationKey {
        try keys.find(id, algorithm: algorithm)
    }

    public var status: KeyStatus { KeyStatus(isUsable: !keys.isEmpty, failure: nil) }
}

extension KeySet {
    func find(_ id: String?, algorithm: String) throws(AuthenticationFault) -> VerificationKey {
        if let key = key(id, algorithm: algorithm) { return key }
        throw hasKey(id) ? .algorithmRefused(algorithm) : .unknownKey(id ?? "")
    }
}

/// Keys that an issuer publishes. They are fetched in the background; a token that names an unknown key makes them be
/// fetched at once, at a bounded rate; while the issuer is down the last ones are believed for a bounded time.
public final class PublishedKeys: KeySource {
    /// How often, and for how long.
    public struct Timing: Sendable {
        /// Between two fetches when nothing asks for one.
        public var refresh: Duration = .seconds(300)
        /// How long the last keys are believed while none can be fetched.
        public var stale: Duration = .seconds(24 * 3_600)
        /// Fetches that unknown keys may cause at once; after them one more each `interval`.
        public var burst = 3
        public var interval: Duration = .seconds(5)
        /// The longest time between two attempts while fetching fails.
        public var backoff: Duration = .seconds(30)

        public init() {}
    }

    private struct State {
        var keys: KeySet?
        var fetchedAt = ContinuousClock.now
        var failure: String?
        var fetching: Task<Void, Never>?
        /// When the fetches so far would have been due, had they come evenly.
        var dueAt = ContinuousClock.now
        /// The one fetch that waits until the rate allows it; whoever asks meanwhile waits for it.
        var pending: Task<Void, Never>?
        /// Key ids that the issuer did not publish when it was last asked.
        var unknown: Set<String> = []
    }

    /// Ids that are remembered as unknown.
    private static let mostUnknown = 1_000

    private let timing: Timing
    private let fetch: @Sendable () async throws -> KeySet
    private let keysRemoved: @Sendable () -> Void
    private let state = Mutex(State())

    /// Makes a source that has no keys yet.
    ///
    /// - Parameters:
    ///   - timing: how often, and for how long.
    ///   - keysRemoved: called when keys that were believed are no more, so that nobody goes on to rely on them.
    ///   - fetch: gets the keys; its error's description is shown to the operator.
    public init(
        timing: Timing = Timing(), keysRemoved: @escaping @Sendable () -> Void = {},
        fetch: @escaping @Sendable () async throws -> KeySet
    ) {
        self.timing = timing
        self.keysRemoved = keysRemoved
        self.fetch = fetch
    }

    public var status: KeyStatus { state.withLock { KeyStatus(isUsable: usable($0) != nil, failure: $0.failure) } }

    public func key(_ id: String?, algorithm: String) async throws(AuthenticationFault) -> VerificationKey {
        let known = state.withLock { usable($0) }
        if let known, known.hasKey(id) { return try known.find(id, algorithm: algorithm) }
        // An id that the last fetch lacked causes no fetch of its own within the interval.
        let isKnownAbsent = state.withLock { state in
            state.unknown.contains(id ?? "") && state.fetchedAt.duration(to: .now) < timing.interval
        }
        if isKnownAbsent { throw .unknownKey(id ?? "") }
        await refreshForUnknownKey()
        state.withLock { state in
            guard let keys = usable(state), !keys.hasKey(id) else { return }
            if state.unknown.count >= Self.mostUnknown { state.unknown = [] }
            state.unknown.insert(id ?? "")
        }
        guard let fresh = state.withLock({ usable($0) }) else { throw .keysUnavailable }
        return try fresh.find(id, algorithm: algorithm)
    }

    /// Keeps the keys fresh until the task is cancelled.
    public func keepFresh() async {
        var pause = Duration.seconds(1)
        while !Task.isCancelled {
            await refresh()
            let hasFailed = state.withLock { $0.failure != nil }
            pause = hasFailed ? min(pause * 2, timing.backoff) : .seconds(1)
            try? await Task.sleep(for: hasFailed ? pause : timing.refresh)
        }
    }

    private func usable(_ state: State) -> KeySet? {
        guard let keys = state.keys else { return nil }
        return state.fetchedAt.duration(to: .now) < timing.stale + timing.refresh ? keys : nil
    }

    /// Fetches now if the rate allows it, otherwise when it does: a key that was just published is found, and nobody can
    /// make the gateway flood an issuer.
    private func refreshForUnknownKey() async {
        let pending = state.withLock { state -> Task<Void, Never> in
            if let running = state.fetching { return running }
            if let pending = state.pending { return pending }
            let now = ContinuousClock.now
            state.dueAt = max(state.dueAt, now) + timing.interval
            let wait = now.duration(to: state.dueAt) - timing.interval * timing.burst
            let task = Task {
                if wait > .zero { try? await Task.sleep(for: wait) }
                await self.refresh()
                self.state.withLock { $0.pending = nil }
            }
            state.pending = task
            return task
        }
        await pending.value
    }

    /// One fetch at a time; whoever asks meanwhile waits for it.
    private func refresh() async {
        let task = state.withLock { state -> Task<Void, Never> in
            if let running = state.fetching { return running }
            let task = Task { await self.fetchOnce() }
            state.fetching = task
            return task
        }
        await task.value
    }

    private func fetchOnce() async {
        do {
            let keys = try await fetch()
            let removed = state.withLock { state in
                let removed = !(state.keys?.ids ?? []).subtracting(keys.ids).isEmpty
                state.keys = keys
                state.fetchedAt = .now
                state.failure = nil
                state.fetching = nil
                state.unknown = []
                return removed
            }
            if removed { keysRemoved() }
        } catch {
            state.withLock { state in
                state.failure = "\(error)"
                state.fetching = nil
            }
        }
    }
}
