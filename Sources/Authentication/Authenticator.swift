import LocalState
public import Vocabulary

/// Verifies bearer tokens: session tokens of this gateway, and tokens of the issuers it trusts. The signature is checked
/// before any claim is believed.
public final class Authenticator: Sendable {
    private let sessionTokens: SessionTokens
    private let issuers: [String: TrustedIssuer]
    public let attestations: Attestations

    public init(
        sessionTokens: SessionTokens, issuers: [TrustedIssuer], attestations: Attestations = Attestations([])
    ) {
        self.sessionTokens = sessionTokens
        self.issuers = Dictionary(issuers.map { ($0.url, $0) }) { first, _ in first }
        self.attestations = attestations
    }

    /// True where the issuer that proved the identity is trusted for the cluster.
    public func isTrusted(_ identity: Identity, for cluster: ClusterName) -> Bool {
        guard let clusters = issuers[identity.issuer]?.clusters else { return true }
        return clusters.contains(cluster)
    }

    public func verify(_ bearer: String) async throws(AuthenticationFault) -> VerifiedToken {
        try await verify(bearer, now: .now())
    }

    func verify(_ bearer: String, now: Timestamp) async throws(AuthenticationFault) -> VerifiedToken {
        let token = try SignedToken(bearer)
        // The type and the issuer only choose the key that must have signed; they are believed after that.
        if token.header["typ"]?.string == SessionTokens.type {
            guard let key = sessionTokens.keys.key(token.keyID ?? "") else { throw .unknownKey(token.keyID ?? "") }
            try token.verify(with: key)
            let verified = try sessionTokens.read(token.payload, now: now)
            // A session ends with the trust in whoever proved its caller.
            guard issuers[verified.identity.issuer] != nil else { throw .unknownIssuer(verified.identity.issuer) }
            return verified
        }
        let url = token.payload["iss"]?.string ?? ""
        guard let issuer = issuers[url] else { throw .unknownIssuer(url) }
        try token.verify(with: try await issuer.keys.key(token.keyID, algorithm: token.algorithm))
        return try issuer.read(token, now: now)
    }
}

/// Refresh tokens as signed JWTs of their own type, so that they outlive a restart of their issuer.
public enum RefreshTokens {
    public static func isValid(
        _ text: String, type: String, issuer: String, key: VerificationKey, now: Timestamp
    ) -> Bool {
        guard let token = try? SignedToken(text), token.header["typ"]?.string == type,
            (try? token.verify(with: key)) != nil, token.payload["iss"]?.string == issuer
        else { return false }
        return (try? StandardClaims.check(token.payload, audiences: [issuer], now: now)) != nil
    }
}
