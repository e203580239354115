import Authentication
import Authorization
import Crypto
import KubernetesWire
import LocalState
import Vocabulary

/// Somebody whose requests are recorded: proven and permitted as any other, since nothing else can be recorded.
struct BenchCaller {
    /// No name or target could be made of the bench's text.
    struct BadText: Error {}

    private static let gateway = "https://gateway.example"

    private let caller: Authenticated
    private let cluster: ClusterName

    init() async throws {
        let key = try await SigningKey.ed25519(Curve25519.Signing.PrivateKey())
        let tokens = SessionTokens(issuer: Self.gateway, keys: SessionTokenKeys(current: key))
        let claims: JSON = [
            "aud": .string(Self.gateway), "exp": .integer(Timestamp.now().seconds + 3_600),
            "gen_ai.conversation.id": "conversation-1", "gen_ai.request.model": "claude-opus-4",
            "groups": ["developers", "on-call"], "iat": .integer(Timestamp.now().seconds),
            "idp": "https://issuer.example", "iss": .string(Self.gateway), "prompt.id": "prompt-1",
            "sid": "s-aaaaaaaaaaaaaaaaaaaa", "sub": "alice@example.com",
        ]
        let token = try key.sign(claims, type: "byline-session+jwt")
        let verified = try await Authenticator(sessionTokens: tokens, issuers: []).verify(token)
        caller = verified.authenticated(withRequestByline: Byline())
        guard let cluster = ClusterName("production") else { throw BadText() }
        self.cluster = cluster
    }

    func permit(_ verb: String) throws -> Permit {
        let info = RequestInfo(
            isResourceRequest: true, verb: verb, path: "/api/v1/namespaces/shop/pods/web-0", apiVersion: "v1",
            resource: "pods", namespace: "shop", name: "web-0")
        return try Policy.development.decide(
            AccessRequest(caller: caller, cluster: cluster, requestInfo: info)
        ).get()
    }
}
