public import Vocabulary

/// An OIDC issuer whose tokens the gateway takes, and how its claims are read.
public struct TrustedIssuer: Sendable {
    /// The issuer's URL, as the `iss` claim says it, byte for byte.
    public let url: String
    /// One of these must be in `aud`.
    public let audiences: Set<String>
    /// `azp`, where a token has it, must be one of these; empty for any.
    public let authorizedParties: Set<String>
    public let mapping: ClaimMapping
    /// The clusters for which its tokens are taken; nil for all.
    public let clusters: Set<ClusterName>?
    public let keys: any KeySource

    public init(
        url: String, audiences: Set<String>, authorizedParties: Set<String> = [], mapping: ClaimMapping,
        clusters: Set<ClusterName>? = nil, keys: any KeySource
    ) {
        self.url = url
        self.audiences = audiences
        self.authorizedParties = authorizedParties
        self.mapping = mapping
        self.clusters = clusters
        self.keys = keys
    }

    /// Checks and reads the claims of a token whose signature fits.
    func read(_ token: SignedToken, now: Timestamp) throws(AuthenticationFault) -> VerifiedToken {
        try token.checkType(["jwt", "at+jwt"])
        let claims = token.payload
        // A logout token of before its type was named (OpenID Connect Back-Channel Logout 1.0, §2.4), or another event (RFC 8417).
        guard claims["events"] == nil else { throw .wrongType("logout+jwt") }
        let expiration = try StandardClaims.check(claims, audiences: audiences, now: now)
        if !authorizedParties.isEmpty, let party = claims["azp"], !authorizedParties.contains(party.string ?? "") {
            throw .wrongParty
        }
        let identity = try mapping.identity(claims, issuer: url)
        // Requests with a plain OIDC token and no conversation share one session per token.
        let session = SessionID(
            identity: identity, conversation: claims["jti"]?.string ?? String(expiration.seconds))
        return VerifiedToken(
            identity: identity, session: session, byline: Byline(), expiration: expiration, actor: claims["act"],
            isSessionToken: false)
    }
}
