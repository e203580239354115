import Authentication
import Authorization
import Forwarding
import Masking
import NIOSSL
import Vocabulary

/// The configuration in force, ready for use. A reload makes a new one and swaps it in whole; what is under way goes on
/// under the one that it began with.
final class Settings: Sendable {
    /// A cluster, and how much of it may be used at once.
    struct Cluster: Sendable {
        let upstream: Upstream
        let allowance: ClusterAllowance
    }

    let authenticator: Authenticator
    let issuers: [TrustedIssuer]
    let policy: Policy
    let clusters: [ClusterName: Cluster]
    let limits: GatewayConfiguration.Limits
    let allowances: Allowances
    let tls: NIOSSLContext
    let pages: any ControlPages
    let masking: MaskingPolicy
    /// What the clusters say of custom resources; nil where only the configuration does.
    let customResources: CustomResources?

    init(
        authenticator: Authenticator, issuers: [TrustedIssuer], policy: Policy, clusters: [Cluster],
        limits: GatewayConfiguration.Limits, tls: NIOSSLContext, pages: any ControlPages,
        masking: MaskingPolicy, customResources: CustomResources?
    ) {
        self.authenticator = authenticator
        self.issuers = issuers
        self.policy = policy
        self.clusters = Dictionary(clusters.map { ($0.upstream.cluster, $0) }) { first, _ in first }
        self.limits = limits
        allowances = Allowances(limits.perIdentity)
        self.tls = tls
        self.pages = pages
        self.masking = masking
        self.customResources = customResources
    }
}
