import Authentication
import Authorization
import Forwarding
import KubernetesWire
import LocalState
import Masking
import NIOCore
import NIOHTTP1
import Recording
import Vocabulary

/// What the exchanges of one event loop share. Nothing here is locked: it never leaves its loop.
final class LoopServices {
    let eventLoop: any EventLoop
    let feed: RecorderFeed
    let policy: Policy
    let connections = ConnectionRegistry()
    let tunnels = TunnelRegistry()
    var tokens = TokenCache()
    private(set) var isDraining = false

    private let gateway: GatewayServices
    private let pools: [ClusterName: UpstreamPool]
    private var announced: Set<SessionID> = []
    private var generator = SystemRandomNumberGenerator()

    init(gateway: GatewayServices, eventLoop: any EventLoop) {
        self.gateway = gateway
        self.eventLoop = eventLoop
        feed = gateway.recorder.makeFeed(on: eventLoop)
        policy = gateway.policy
        pools = gateway.upstreams.mapValues { UpstreamPool(upstream: $0, eventLoop: eventLoop) }
    }

    var clusterNames: [ClusterName] { Array(pools.keys) }

    func hasCluster(_ name: ClusterName) -> Bool { pools[name] != nil }

    func pool(of cluster: ClusterName) throws(UpstreamFault) -> UpstreamPool {
        guard let pool = pools[cluster] else {
            throw .unreachable(address: cluster.description, cause: "no such cluster")
        }
        return pool
    }

    func mintExchange() -> ExchangeID { ExchangeID(at: .now(), using: &generator) }

    /// Answers the gateway's own pages.
    var pages: any ControlPages { gateway.pages }

    /// Verifies a token off the loop and remembers it; the answer comes back on the loop.
    func verify(_ bearer: String, then: @escaping (Result<VerifiedToken, AuthenticationFault>) -> Void) {
        let promise = eventLoop.makePromise(of: Result<VerifiedToken, AuthenticationFault>.self)
        let authenticator = gateway.authenticator
        promise.completeWithTask {
            do throws(AuthenticationFault) { return .success(try await authenticator.verify(bearer)) } catch {
                return .failure(error)
            }
        }
        promise.futureResult.assumeIsolated().whenSuccess { result in
            if case .success(let token) = result { self.tokens.insert(token, for: bearer) }
            then(result)
        }
    }

    /// Records a session when it is first seen on this loop.
    func announce(_ caller: Authenticated) {
        guard announced.insert(caller.session).inserted else { return }
        // The record's readers take a session's first frame; this set only spares the journal repetitions.
        if announced.count > 10_000 { announced = [caller.session] }
        if gateway.announce(caller.session) { feed.session(caller, time: .now()) }
    }

    /// Records a request that was refused before anybody was proven to stand behind it.
    func recordRefusal(_ refusal: Refusal, head: HTTPRequestHead?, target: RequestTarget?, source: String) {
        let shown = target.map(RecordedTarget.record) ?? RecordedTarget.record(unreadable: head?.uri ?? "")
        feed.decision(
            RefusedRequest(
                method: head?.method.rawValue ?? "", target: shown, sourceAddress: source, cause: refusal.cause,
                reason: refusal.status.message, status: refusal.status.code, time: .now()))
    }

    // MARK: stopping

    func drain() {
        isDraining = true
        connections.drain()
    }

    var busyCount: Int { connections.busyCount + tunnels.count }

    func cutAll() {
        tunnels.cutAll()
        connections.cutAll()
        for pool in pools.values { pool.close() }
    }
}
