public import KubernetesWire
import NIOSSL
public import Vocabulary

/// A cluster that the gateway can reach: where it is, how it is trusted, what the gateway shows to be let in. Only this
/// target ever holds that credential.
public struct Upstream: Sendable {
    public let cluster: ClusterName
    public let address: ServerAddress
    /// True where the API server is told for whom the gateway speaks, so that the cluster's own RBAC decides and its
    /// audit log names the caller.
    public let impersonatesCaller: Bool
    let tls: NIOSSLContext
    /// The name to verify and to send as SNI; nil where the server is named by its address.
    let serverName: String?
    let credential: UpstreamCredential

    /// Reads what the kubeconfig names: certificates, keys, token files.
    public init(cluster: ClusterName, _ facts: KubeconfigUpstream, impersonatesCaller: Bool) throws(UpstreamFault) {
        self.cluster = cluster
        self.impersonatesCaller = impersonatesCaller
        address = facts.server
        let name = facts.tlsServerName ?? facts.server.host
        serverName = UpstreamTLS.isAddress(name) ? nil : name
        credential = try UpstreamCredential(facts)
        tls = try UpstreamTLS.context(for: facts)
    }

    /// Gets the credential where a program gives it out.
    public func prepare() async throws(UpstreamFault) { try await credential.prepare() }

    /// The API server answered 401: the next request needs another credential.
    public func credentialRefused() { credential.refused() }

    /// Keeps the credential fresh until the task is cancelled.
    public func keepCredentialFresh() async { await credential.keepFresh() }
}

/// Why a cluster cannot be used or reached.
public enum UpstreamFault: Error, Sendable {
    /// A file that the kubeconfig names cannot be read.
    case unreadable(path: String, cause: String)
    /// Bytes that are no certificate or key; what they should have been.
    case notPEM(String)
    case tls(String)
    case unreachable(address: String, cause: String)
    /// The connection ended before the answer did.
    case closed(address: String)
    /// The answer was not HTTP.
    case notHTTP(address: String, cause: String)
    /// The exec plugin gives no credential.
    case plugin(cause: String)
    /// No answer began in time.
    case silent(address: String)
}
