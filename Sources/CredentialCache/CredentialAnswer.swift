import Vocabulary

/// What an exec credential plugin prints: an ExecCredential of the version that it was asked for
/// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats).
public struct CredentialAnswer: Sendable {
    public static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

    /// What `KUBERNETES_EXEC_INFO` says; without it, version 1 and nobody at a terminal.
    public struct Question: Hashable, Sendable {
        public let apiVersion: String
        /// True where the client lets the plugin talk to a person; nil where it does not say.
        public let isInteractive: Bool?

        public init(variables: [String: String]) {
            let text = variables["KUBERNETES_EXEC_INFO"].flatMap { $0.isEmpty ? nil : $0 }
            let json = text.flatMap { try? JSON(parsing: $0) }
            apiVersion = text == nil ? CredentialAnswer.versions[0] : json?["apiVersion"]?.string ?? ""
            isInteractive = json?["spec"]?["interactive"]?.bool
        }

        public var isAnswerable: Bool { CredentialAnswer.versions.contains(apiVersion) }
    }

    /// The whole answer, to be written at once.
    public static func bytes(_ session: CachedSession, apiVersion: String) -> [UInt8] {
        let answer: JSON = [
            "apiVersion": .string(apiVersion), "kind": "ExecCredential",
            "status": [
                "expirationTimestamp": .string(session.expiration.rfc3339(fractionDigits: 0)),
                "token": .string(session.token),
            ],
        ]
        return answer.canonicalBytes + [UInt8(ascii: "\n")]
    }
}
