import LocalState
public import Vocabulary

/// Verifies bearer tokens: session tokens of this gateway, and tokens of the issuers it trusts. The signature is checked
/// before any claim is believed.
public final class Authenticator: Sendable {
    private let sessionTokens: SessionTokens
    private let issuers: [String: TrustedIssuer]

    public init(sessionTokens: SessionTokens, issuers: [TrustedIssuer]) {
        self.sessionTokens = sessionTokens
        self.issuers = Dictionary(issuers.map { ($0.url, $0) }) { first, _ in first }
    }

    public func verify(_ bearer: String) async throws(AuthenticationFault) -> VerifiedToken {
        try verify(bearer, now: .now())
    }

    func verify(_ bearer: String, now: Timestamp) throws(AuthenticationFault) -> VerifiedToken {
        let token = try SignedToken(bearer)
        let keyID = token.header["kid"]?.string ?? ""
        // The type and the issuer only choose the key that must have signed; they are believed after that.
        if token.header["typ"]?.string == SessionTokens.type {
            guard let key = sessionTokens.keys.key(keyID) else { throw .unknownKey(keyID) }
            try token.verify(with: key)
            return try sessionTokens.read(token.payload, now: now)
        }
        let issuerURL = token.payload["iss"]?.string ?? ""
        guard let issuer = issuers[issuerURL] else { throw .unknownIssuer(issuerURL) }
        guard let key = issuer.keys[keyID] else { throw .unknownKey(keyID) }
        try token.verify(with: key)
        if let type = token.header["typ"]?.string, !["JWT", "at+jwt"].contains(type) { throw .wrongType(type) }
        let expiration = try StandardClaims.check(token.payload, audiences: issuer.audiences, now: now)
        let identity = try issuer.identity(token.payload)
        // Requests with a plain OIDC token and no conversation share one session per token.
        let session = SessionID(
            identity: identity, conversation: token.payload["jti"]?.string ?? String(expiration.seconds))
        return VerifiedToken(
            identity: identity, session: session, byline: Byline(), expiration: expiration, actor: token.payload["act"],
            isSessionToken: false)
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
