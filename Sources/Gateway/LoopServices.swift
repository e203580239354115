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
import Vocabulary

/// What the exchanges of one event loop share. Nothing here is locked: it never leaves its loop.
final class LoopServices {
    let eventLoop: any EventLoop
    let feed: RecorderFeed
    let log: Logger
    let connections = ConnectionRegistry()
    let tunnels = TunnelRegistry()
    var tokens = VerifiedCache<KnownCaller>()
    var attestations = VerifiedCache<Attestations.Attested>()
    var metrics = ExchangeMetrics()
    private(set) var isDraining = false

    private let gateway: GatewayServices
    private var adopted: (settings: Settings, edition: UInt64)
    private var pools: [ClusterName: UpstreamPool]
    private var announced: Set<SessionID> = []
    private var generator = SystemRandomNumberGenerator()
    private var sweep: RepeatedTask?

    init(gateway: GatewayServices, eventLoop: any EventLoop) {
        self.gateway = gateway
        self.eventLoop = eventLoop
        log = gateway.log
        feed = gateway.recorder.makeFeed(on: eventLoop)
        adopted = (gateway.settings, gateway.edition.current)
        pools = Self.pools(adopted.settings, eventLoop)
        feed.words = adopted.settings.masking.words
    }

    private static func pools(_ settings: Settings, _ eventLoop: any EventLoop) -> [ClusterName: UpstreamPool] {
        settings.clusters.mapValues { UpstreamPool(upstream: $0.upstream, eventLoop: eventLoop) }
    }

    /// The settings in force.
    var settings: Settings {
        if gateway.edition.current != adopted.edition { adopt() }
        return adopted.settings
    }

    private func adopt() {
        let edition = gateway.edition.current
        let settings = gateway.settings
        tokens = VerifiedCache()
        attestations = VerifiedCache()
        if settings !== adopted.settings {
            for pool in pools.values { pool.close() }
            pools = Self.pools(settings, eventLoop)
            feed.words = settings.masking.words
        }
        adopted = (settings, edition)
    }

    func pool(of cluster: ClusterName) throws(UpstreamFault) -> UpstreamPool {
        guard let pool = pools[cluster] else {
            throw .unreachable(address: cluster.description, cause: "no such cluster")
        }
        return pool
    }

    /// The API server does not take the gateway's credential any more.
    func credentialRefused(by cluster: String) {
        log.warning("the cluster refuses the gateway's credential", metadata: ["cluster": "\(cluster)"])
        guard let name = ClusterName(cluster) else { return }
        settings.clusters[name]?.upstream.credentialRefused()
    }

    func mintExchange() -> ExchangeID { ExchangeID(at: .now(), using: &generator) }

    // MARK: proving

    /// Verifies a token off the loop and remembers it; the answer comes back on the loop.
    func verify(_ bearer: String, then: @escaping (Result<KnownCaller, AuthenticationFault>) -> Void) {
        let (settings, edition) = (settings, adopted.edition)
        offLoop({ () async throws(AuthenticationFault) in try await settings.authenticator.verify(bearer) }) { result in
            then(
                result.map { token in
                    let known = KnownCaller(token: token, allowance: settings.allowances.allowance(of: token.identity))
                    // What was verified under settings that are no longer in force is not remembered.
                    if self.adopted.edition == edition { self.tokens.insert(known, for: bearer) }
                    return known
                })
        }
    }

    /// Verifies an attestation likewise.
    func verify(
        attestation: String, then: @escaping (Result<Attestations.Attested, AuthenticationFault>) -> Void
    ) {
        let (settings, edition) = (settings, adopted.edition)
        offLoop({ () async throws(AuthenticationFault) in
            try await settings.authenticator.attestations.verify(attestation)
        }) { result in
            if case .success(let attested) = result, self.adopted.edition == edition {
                self.attestations.insert(attested, for: attestation)
            }
            then(result)
        }
    }

    /// What its cluster says of a request's resource; nil where that is no custom one, or only the configuration speaks of
    /// them. The answer comes at once where it is known.
    func schema(
        of request: AccessRequest, then: @escaping (Result<CustomResourceSchema?, CustomResources.Fault>) -> Void
    ) {
        guard let resources = settings.customResources, let upstream = settings.clusters[request.cluster]?.upstream,
            let definition = CustomResources.definition(of: request.requestInfo)
        else { return then(.success(nil)) }
        if let known = resources.known(definition, for: request) { return then(known.map { $0 }) }
        offLoop(
            { () async throws(CustomResources.Fault) in try await resources.ask(definition, of: upstream) },
            then: { then($0.map { $0 }) })
    }

    private func offLoop<Value: Sendable, Fault: Error>(
        _ work: @escaping @Sendable () async throws(Fault) -> Value,
        then: @escaping (Result<Value, Fault>) -> Void
    ) {
        let promise = eventLoop.makePromise(of: Result<Value, Fault>.self)
        promise.completeWithTask {
            do throws(Fault) { return .success(try await work()) } catch { return .failure(error) }
        }
        promise.futureResult.assumeIsolated().whenSuccess(then)
    }

    // MARK: recording

    /// Records a session when it is first seen on this loop.
    func announce(_ caller: Authenticated) {
        guard announced.insert(caller.session).inserted else { return }
        // The record's readers take a session's first frame; this set only spares the journal repetitions.
        if announced.count > 10_000 { announced = [caller.session] }
        if gateway.announce(caller.session) { feed.session(caller, time: .now()) }
    }

    /// Records a request that was refused before it was opened: with who asked, where that was proven.
    func recordRefusal(
        _ refusal: Refusal, head: HTTPRequestHead?, target: RequestTarget?, source: String, identity: Identity? = nil
    ) {
        let shown = target.map(RecordedTarget.record) ?? RecordedTarget.record(unreadable: head?.uri ?? "")
        metrics.refuse(refusal.cause)
        log.info(
            "refused",
            metadata: ["cause": "\(refusal.cause)", "status": "\(refusal.status.code)", "source": "\(source)"])
        let refused = RefusedRequest(
            method: head?.method.rawValue ?? "", target: shown, sourceAddress: source, cause: refusal.cause,
            reason: refusal.status.message, status: refusal.status.code, time: .now(), identity: identity)
        if let due = gateway.refusals.take(refused, now: MonotonicClock.nanoseconds()) { feed.decision(due) }
    }

    /// Records a prompt's text, which counts among its sender's requests.
    ///
    /// - Parameter prompt: the prompt.
    /// - Returns: why it is not recorded; nil where it is.
    func record(_ prompt: SentPrompt) -> Refusal? {
        if let fault = gateway.recorder.health.failure { return .unrecordedPrompt(fault) }
        let allowance = settings.allowances.allowance(of: prompt.caller.identity)
        do throws(Allowance.Excess) {
            try allowance.enter(isStream: false, now: MonotonicClock.nanoseconds())
        } catch { return .excess(error) }
        feed.prompt(prompt)
        allowance.leave(isStream: false)
        return nil
    }

    /// Records that somebody reads the record.
    ///
    /// - Returns: why it cannot be recorded; nil where it can.
    func recordReading(
        by identity: Identity, head: HTTPRequestHead, target: RequestTarget, source: String, status: Int
    ) -> RecordingFault? {
        if let fault = gateway.recorder.health.failure { return fault }
        feed.reading(
            RecordReading(
                identity: identity, method: head.method.rawValue, target: RecordedTarget.record(target),
                sourceAddress: source, status: status, time: .now()))
        return nil
    }

    // MARK: time

    /// Begins to look once a second for what has been silent for too long.
    func beginSweeping() {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        sweep = eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            let loop = bound.value
            let now = MonotonicClock.nanoseconds()
            loop.connections.sweep(now: now, loop.settings.limits)
            for refused in loop.gateway.refusals.due(now: now) { loop.feed.decision(refused) }
        }
    }

    // MARK: stopping

    func drain() {
        isDraining = true
        // What was counted is recorded before the recorder closes.
        for refused in gateway.refusals.due(now: MonotonicClock.nanoseconds()) { feed.decision(refused) }
        connections.drain()
    }

    /// Ends watches and followed logs as a server ends them: clients ask again, elsewhere.
    func endWatches() { connections.endWatches() }

    var busyCount: Int { connections.busyCount + tunnels.count }

    /// How many of what is under way are watches or followed logs.
    var watchCount: Int { connections.watchCount }

    var openCounts: OpenCounts {
        OpenCounts(connections: connections.count, exchanges: connections.busyCount, tunnels: tunnels.count)
    }

    func cutAll() {
        sweep?.cancel()
        tunnels.cutAll()
        connections.cutAll()
        for pool in pools.values { pool.close() }
    }
}
