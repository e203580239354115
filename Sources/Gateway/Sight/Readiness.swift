import Authentication
import Forwarding
import Recording
import Synchronization
import Vocabulary

/// Whether the gateway can do its work: the recorder, each issuer, each cluster.
final class Readiness: Sendable {
    /// One part and why it cannot be used; `failure` is nil where it can.
    struct Part: Sendable {
        let kind: String
        let name: String
        let failure: String?
        /// True where the gateway is of no use to anyone without it.
        let isVital: Bool
    }

    struct Report: Sendable {
        let parts: [Part]

        /// An issuer or a cluster that is down leaves the gateway useful for the others.
        var isReady: Bool {
            guard parts.allSatisfy({ !$0.isVital || $0.failure == nil }) else { return false }
            return ["issuer", "cluster"].allSatisfy { kind in
                let those = parts.filter { $0.kind == kind }
                return those.isEmpty || those.contains { $0.failure == nil }
            }
        }

        /// As the API server's own `/readyz?verbose` looks.
        var text: String {
            let lines = parts.map { part in
                let name = part.name.isEmpty ? part.kind : "\(part.kind) \(part.name)"
                return part.failure.map { "[-]\(name): \($0)\n" } ?? "[+]\(name) ok\n"
            }
            return lines.joined() + (isReady ? "readyz check passed\n" : "readyz check failed\n")
        }
    }

    private let recorder: Recorder
    private let clusters: Mutex<[ClusterName: String?]> = Mutex([:])
    private let isStopping = Atomic<Bool>(false)

    init(recorder: Recorder) { self.recorder = recorder }

    /// From now on the gateway takes no new work.
    func stop() { isStopping.store(true, ordering: .relaxed) }

    func report(issuers: [TrustedIssuer]) -> Report {
        var parts = [Part(kind: "recorder", name: "", failure: recorder.health.failure.map { "\($0)" }, isVital: true)]
        if isStopping.load(ordering: .relaxed) {
            parts.append(Part(kind: "gateway", name: "", failure: "it is stopping", isVital: true))
        }
        for issuer in issuers {
            let status = issuer.keys.status
            let failure = status.isUsable ? nil : status.failure ?? "its keys were not fetched yet"
            parts.append(Part(kind: "issuer", name: issuer.url, failure: failure, isVital: false))
        }
        for (name, failure) in clusters.withLock({ $0 }).sorted(by: { $0.key.description < $1.key.description }) {
            parts.append(Part(kind: "cluster", name: name.description, failure: failure, isVital: false))
        }
        return Report(parts: parts)
    }

    /// Asks the clusters how they are, again and again, until the task is cancelled.
    func watch(_ upstreams: [Upstream]) async {
        let names = Set(upstreams.map(\.cluster))
        clusters.withLock { known in
            known = known.filter { names.contains($0.key) }
            for name in names where known[name] == nil { known[name] = .some("it was not asked yet") }
        }
        await withTaskGroup(of: Void.self) { group in
            for upstream in upstreams { group.addTask { await self.watch(upstream) } }
        }
    }

    private func watch(_ upstream: Upstream) async {
        while !Task.isCancelled {
            var failure: String?
            do throws(UpstreamFault) {
                let answer = try await upstream.probe("/version")
                if answer.status == 401 { failure = "it refuses the gateway's credential" }
                if answer.status >= 500 { failure = "it answers with HTTP \(answer.status)" }
            } catch { failure = Refusal.sentence(error) }
            let found = failure
            clusters.withLock { $0[upstream.cluster] = .some(found) }
            try? await Task.sleep(for: .seconds(10))
        }
    }
}
