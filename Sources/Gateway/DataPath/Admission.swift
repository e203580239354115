import Authentication
import Authorization
import KubernetesWire
import LocalState
import Masking
import NIOHTTP1
import Tagging
import Vocabulary

/// Everything that must hold before a request is recorded and forwarded: it can be read in one way only, its caller is
/// proven, its byline is consistent, policy allows it, there is room for it, and it is known what of its resource is secret.
final class Admission {
    /// How it went.
    enum Verdict {
        case permitted(Permit, Place, MaskingPlan)
        case denied(Denial)
        /// With the caller, where one was proven before.
        case refused(Refusal, by: Identity? = nil)
    }

    private let head: HTTPRequestHead
    private let target: RequestTarget
    private let cluster: ClusterName
    private let loop: LoopServices
    /// The client certificate that the connection showed, as RFC 8705 names it.
    private let certificate: () -> String?
    private let then: (Verdict) -> Void

    init(
        head: HTTPRequestHead, target: RequestTarget, cluster: ClusterName, loop: LoopServices,
        certificate: @escaping () -> String?, then: @escaping (Verdict) -> Void
    ) {
        self.head = head
        self.target = target
        self.cluster = cluster
        self.loop = loop
        self.certificate = certificate
        self.then = then
    }

    /// Answers at once where everything about the caller is known, else when it was verified.
    func begin() {
        let requestInfo: RequestInfo
        let requestByline: Byline
        do throws(TargetFault) {
            requestInfo = try RequestInfo(
                method: head.method.rawValue, target: target, connecting: loop.settings.masking.connecting)
        } catch { return then(.refused(.target(error))) }
        do throws(Baggage.Fault) { requestByline = try Baggage.decode(head.headers[Baggage.headerName]) } catch {
            return then(.refused(.baggage(error)))
        }
        guard let bearer = BearerToken.read(head.headers) else {
            return then(.refused(.authentication(.missingCredential)))
        }
        if let known = loop.tokens.lookup(bearer, now: .now()) { return attest(known, requestByline, requestInfo) }
        loop.verify(bearer) { result in
            switch result {
            case .success(let known): self.attest(known, requestByline, requestInfo)
            case .failure(let fault): self.then(.refused(.authentication(fault)))
            }
        }
    }

    private func attest(_ known: KnownCaller, _ requestByline: Byline, _ requestInfo: RequestInfo) {
        if let bound = known.token.certificateThumbprint, bound != certificate() {
            return then(.refused(.authentication(.certificateMismatch)))
        }
        let attestations = head.headers[Attestations.headerName]
        guard let attestation = attestations.first else {
            return authorise(known, known.token.authenticated(withRequestByline: requestByline), requestInfo)
        }
        guard attestations.count == 1 else { return then(.refused(.attestation("it stands there more than once"))) }
        if let attested = loop.attestations.lookup(attestation, now: .now()) {
            return take(attested, known, requestByline, requestInfo)
        }
        loop.verify(attestation: attestation) { result in
            switch result {
            case .success(let attested): self.take(attested, known, requestByline, requestInfo)
            case .failure(let fault): self.then(.refused(.attestation(fault.attestationSentence)))
            }
        }
    }

    private func take(
        _ attested: Attestations.Attested, _ known: KnownCaller, _ requestByline: Byline, _ requestInfo: RequestInfo
    ) {
        if let field = attested.contradiction(with: requestByline) {
            return then(.refused(.attestation("\(field.rawValue) in baggage is not what it says")))
        }
        guard attested.covers(known.token.identity, session: known.token.session) else {
            return then(.refused(.attestation("it speaks of someone else than the caller")))
        }
        guard loop.settings.authenticator.attestations.claim(attested, for: known.token.session) else {
            return then(.refused(.attestation("it was shown in another session before")))
        }
        let byline = requestByline.overlaid(with: attested.byline)
        authorise(known, known.token.authenticated(withRequestByline: byline), requestInfo)
    }

    private func authorise(_ known: KnownCaller, _ caller: Authenticated, _ requestInfo: RequestInfo) {
        guard loop.settings.authenticator.isTrusted(caller.identity, for: cluster) else {
            return then(.refused(.authentication(.otherCluster), by: caller.identity))
        }
        loop.announce(caller)
        let request = AccessRequest(caller: caller, cluster: cluster, requestInfo: requestInfo)
        switch loop.settings.policy.decide(request) {
        case .failure(let denial): then(.denied(denial))
        case .success(let permit): enter(known, permit)
        }
    }

    private func enter(_ known: KnownCaller, _ permit: Permit) {
        let settings = loop.settings
        guard let clusterAllowance = settings.clusters[cluster]?.allowance else {
            return then(.refused(.unknownCluster(cluster.description)))
        }
        let isStream = LongRunning.isStream(permit.request.requestInfo, query: target.query)
        do throws(Allowance.Excess) {
            try known.allowance.enter(isStream: isStream, now: MonotonicClock.nanoseconds())
        } catch { return then(.refused(.excess(error), by: permit.request.caller.identity)) }
        guard clusterAllowance.enter() else {
            known.allowance.leave(isStream: isStream)
            return then(
                .refused(.clusterBusy(cluster, limit: clusterAllowance.limit ?? 0), by: permit.request.caller.identity))
        }
        let place = Place(known.allowance, clusterAllowance, isStream: isStream)
        loop.schema(of: permit.request) { result in
            // What was proven and decided under settings that are no longer in force is so anew.
            guard self.loop.settings === settings else { return self.begin() }
            switch result {
            case .success(let schema):
                let plan = settings.masking.plan(
                    for: permit.request.requestInfo, cluster: permit.request.cluster.description,
                    session: permit.request.caller.session.description, schema: schema)
                self.then(.permitted(permit, place, plan))
            case .failure(let fault): self.then(.refused(.unknownFields(fault), by: permit.request.caller.identity))
            }
        }
    }
}

/// A caller whose token was verified on this loop, and what they may use.
struct KnownCaller: Expiring {
    let token: VerifiedToken
    let allowance: Allowance

    var expiration: Timestamp { token.expiration }
}

/// What lasts until one side ends it, as the API server's own `LongRunningFunc` has it.
enum LongRunning {
    static func isStream(_ request: RequestInfo, query: String?) -> Bool {
        if request.verb == "watch" || request.isConnect { return true }
        return request.subresource == "log" && query.map(follows) == true
    }

    private static func follows(_ query: String) -> Bool {
        query.split(separator: "&").contains { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return parts[0] == "follow" && (parts.count == 1 || (parts[1] != "false" && parts[1] != "0"))
        }
    }
}
