public import Vocabulary

/// What an exec credential plugin answers (`client.authentication.k8s.io` ExecCredential).
public struct ExecCredential: Sendable {
    /// Why an answer cannot be used.
    public enum Fault: Error, Sendable, CustomStringConvertible {
        case notJSON
        case wrongVersion(String)
        /// A client certificate, which is not supported, or nothing at all.
        case noToken

        public var description: String {
            switch self {
            case .notJSON: "its answer is no ExecCredential"
            case .wrongVersion(let version):
                "its answer is of version \"\(version.prefix(60))\", another than was asked for"
            case .noToken: "its answer holds no token"
            }
        }
    }

    public let token: String
    /// nil where it may be used until it is refused.
    public let expiration: Timestamp?

    public init(parsing bytes: [UInt8], apiVersion: String) throws(Fault) {
        guard let json = try? JSON(parsing: bytes), json["kind"]?.string == "ExecCredential" else { throw .notJSON }
        guard json["apiVersion"]?.string == apiVersion else { throw .wrongVersion(json["apiVersion"]?.string ?? "") }
        guard let token = json["status"]?["token"]?.string, !token.isEmpty,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .noToken }
        self.token = token
        expiration = json["status"]?["expirationTimestamp"]?.string.flatMap { Timestamp(rfc3339: $0) }
    }

    /// `KUBERNETES_EXEC_INFO` for a plugin that runs without a person.
    public static func request(_ plugin: ExecPlugin, cluster: KubeconfigUpstream) -> JSON {
        var spec: [JSON.Member] = [.init("interactive", false)]
        if plugin.wantsClusterInfo {
            var info: [JSON.Member] = [.init("server", .string(cluster.server.description))]
            if let name = cluster.tlsServerName { info.append(.init("tls-server-name", .string(name))) }
            if case .inline(let bytes) = cluster.certificateAuthority {
                info.append(.init("certificate-authority-data", .string(Base64.encode(bytes))))
            }
            spec.insert(.init("cluster", .object(info)), at: 0)
        }
        return [
            "apiVersion": .string(plugin.apiVersion), "kind": "ExecCredential", "spec": .object(spec),
        ]
    }
}
