public import Vocabulary

/// `GET /.well-known/byline`: all that `byline login URL` needs to know.
public struct Discovery: Sendable {
    /// How to sign in at one issuer.
    public struct Issuer: Sendable {
        let url: String
        let clientID: String
        let scopes: [String]
        let grants: [String]

        public init(url: String, clientID: String, scopes: [String], grants: [String]) {
            self.url = url
            self.clientID = clientID
            self.scopes = scopes
            self.grants = grants
        }
    }

    private let version: String
    private let issuers: [Issuer]
    private let clusters: [ClusterName]
    private let caBundleDigest: String
    private let prompts: PromptKeeping

    /// Says what a gateway offers; the digest is `sha256:HEX` of the PEM that clients trust.
    public init(
        version: String, issuers: [Issuer], clusters: [ClusterName], caBundleDigest: String, prompts: PromptKeeping
    ) {
        self.version = version
        self.issuers = issuers
        self.clusters = clusters
        self.caBundleDigest = caBundleDigest
        self.prompts = prompts
    }

    public var json: JSON {
        [
            "caBundleDigest": .string(caBundleDigest), "clusters": .strings(clusters.map(\.description).sorted()),
            "issuers": .array(
                issuers.map {
                    [
                        "clientID": .string($0.clientID), "grants": .strings($0.grants), "issuer": .string($0.url),
                        "scopes": .strings($0.scopes),
                    ]
                }),
            "prompts": .string(prompts.rawValue), "version": .string(version),
        ]
    }
}
