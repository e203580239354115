public import KubernetesWire
import NIOSSL
public import Vocabulary

/// A cluster that the gateway can reach: where it is, how it is trusted, what the gateway shows to be let in. Only this
/// target ever holds that credential.
public struct Upstream: Sendable {
    public let cluster: ClusterName
    public let address: ServerAddress
    let tls: NIOSSLContext
    /// The name to verify and to send as SNI; nil where the server is named by its address.
    let serverName: String?
    let credential: UpstreamCredential

    /// Reads what the kubeconfig names: certificates, keys, token files.
    public init(cluster: ClusterName, _ facts: KubeconfigUpstream) throws(UpstreamFault) {
        self.cluster = cluster
        address = facts.server
        let name = facts.tlsServerName ?? facts.server.host
        serverName = UpstreamTLS.isAddress(name) ? nil : name
        credential = try UpstreamCredential(facts.credential)
        tls = try UpstreamTLS.context(for: facts)
    }
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
    /// No answer began in time.
    case silent(address: String)
}
