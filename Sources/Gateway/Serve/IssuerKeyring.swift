import Authentication
import CurlTransport
import Forwarding
import Synchronization
import Vocabulary

/// The key sources of the issuers and attesters in force, each kept fresh by a task of its own. A reload that does not
/// touch an issuer keeps its keys.
final class IssuerKeyring: Sendable {
    private struct Origin: Hashable {
        let issuer: String
        let address: String
        let trust: Trust
        let algorithms: Set<String>
        let stale: Duration
    }

    private struct Kept {
        let keys: PublishedKeys
        let task: Task<Void, Never>
    }

    private let fetcher: KeyFetcher
    private let keysRemoved: @Sendable () -> Void
    private let kept: Mutex<[Origin: Kept]> = Mutex([:])

    init(fetcher: KeyFetcher, keysRemoved: @escaping @Sendable () -> Void) {
        self.fetcher = fetcher
        self.keysRemoved = keysRemoved
    }

    /// The issuers of a configuration with their keys; sources that it does not need any more are given up.
    func sources(
        _ configuration: GatewayConfiguration, _ files: ConfiguredFiles
    ) -> (issuers: [TrustedIssuer], attesters: [Attestations.Attester]) {
        var needed: Set<Origin> = []
        let issuers = zip(configuration.issuers, files.issuers).map { issuer, file in
            TrustedIssuer(
                url: issuer.url.value, audiences: Set(issuer.audiences),
                authorizedParties: Set(issuer.authorizedParties), mapping: issuer.mapping,
                clusters: issuer.clusters.map { Set($0.map(\.value)) },
                keys: source(
                    issuer.keys, issuer.url.value, file, issuer.algorithms, issuer.staleKeys, files, &needed))
        }
        let attesters = zip(configuration.attesters, files.attesters).map { attester, file in
            Attestations.Attester(
                issuer: attester.issuer.value, audiences: Set(attester.audiences),
                keys: source(
                    attester.keys, attester.issuer.value, file, Set(KeySet.algorithms), .seconds(24 * 3_600), files,
                    &needed))
        }
        kept.withLock { kept in
            for (origin, one) in kept where !needed.contains(origin) {
                one.task.cancel()
                kept[origin] = nil
            }
        }
        return (issuers, attesters)
    }

    /// Gives all sources up.
    func stop() {
        kept.withLock { kept in
            for one in kept.values { one.task.cancel() }
            kept = [:]
        }
    }

    private func source(
        _ location: GatewayConfiguration.KeyLocation, _ issuer: String, _ file: ConfiguredFiles.KeyFile,
        _ algorithms: Set<String>, _ stale: Duration, _ files: ConfiguredFiles, _ needed: inout Set<Origin>
    ) -> any KeySource {
        let fetcher = fetcher
        let trust = file.trust
        var timing = PublishedKeys.Timing()
        timing.stale = stale
        switch location {
        case .file: return FixedKeys(file.keys ?? KeySet([]))
        case .discovery:
            let origin = Origin(
                issuer: issuer, address: "discovery", trust: trust, algorithms: algorithms, stale: stale)
            return keep(origin, timing, &needed) {
                try await fetcher.discovered(issuer: issuer, trust: trust, algorithms: algorithms)
            }
        case .url(let url):
            let address = url.value
            let origin = Origin(issuer: issuer, address: address, trust: trust, algorithms: algorithms, stale: stale)
            return keep(origin, timing, &needed) {
                try await fetcher.keys(url: address, trust: trust, algorithms: algorithms)
            }
        case .cluster(let name):
            guard let upstream = files.upstreams.first(where: { $0.cluster == name.value }) else {
                return FixedKeys(KeySet([]))
            }
            // The upstream is a new one at each reload, and so is its source of keys.
            let address = "\(name.value) \(UInt64.random(in: 0 ... .max))"
            let origin = Origin(issuer: issuer, address: address, trust: trust, algorithms: algorithms, stale: stale)
            return keep(origin, timing, &needed) { try await KeyFetcher.keys(of: upstream, algorithms: algorithms) }
        }
    }

    private func keep(
        _ origin: Origin, _ timing: PublishedKeys.Timing, _ needed: inout Set<Origin>,
        fetch: @escaping @Sendable () async throws -> KeySet
    ) -> PublishedKeys {
        needed.insert(origin)
        return kept.withLock { kept in
            if let one = kept[origin] { return one.keys }
            let keys = PublishedKeys(timing: timing, keysRemoved: keysRemoved, fetch: fetch)
            kept[origin] = Kept(keys: keys, task: Task { await keys.keepFresh() })
            return keys
        }
    }
}
