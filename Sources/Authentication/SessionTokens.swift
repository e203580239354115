import Tagging
public import Vocabulary

/// The keys with which a gateway signs session tokens: one that signs, and those before it that are still believed.
public struct SessionTokenKeys: Sendable {
    let current: SigningKey
    let previous: [SigningKey]

    public init(current: SigningKey, previous: [SigningKey] = []) {
        self.current = current
        self.previous = previous
    }

    /// The public halves as a JWK set, for `GET /byline/v1/keys`.
    public var jwks: JSON { ["keys": .array(([current] + previous).map(\.jwk))] }

    func key(_ id: String) -> VerificationKey? { ([current] + previous).first { $0.id == id }?.verificationKey }
}

/// A Byline session token: a JWT that the gateway signs for itself, so that no replica has to look anything up.
public struct SessionTokens: Sendable {
    /// The JWT's `typ`: no other token of ours or of an issuer can be mistaken for it (RFC 8725 §3.11).
    static let type = "byline-session+jwt"
    /// The longest life of a session token, in seconds.
    public static let lifetime: Int64 = 3_600

    /// The gateway's URL: issuer and audience of its tokens.
    public let issuer: String
    public let keys: SessionTokenKeys

    public init(issuer: String, keys: SessionTokenKeys) {
        self.issuer = issuer
        self.keys = keys
    }

    /// Signs a token that says what the verified one says, with the byline's fields, and ends no later than it.
    func mint(for subject: VerifiedToken, byline: Byline, now: Timestamp) throws -> (
        token: String, expiration: Timestamp
    ) {
        let expiration = min(subject.expiration, now.advanced(bySeconds: Self.lifetime))
        let identity = subject.identity
        var claims: [JSON.Member] = [
            .init("iss", .string(issuer)), .init("aud", .string(issuer)), .init("sub", .string(identity.username)),
            .init("idp", .string(identity.issuer)), .init("groups", .strings(identity.groups)),
            .init("sid", .string(subject.session.description)), .init("iat", .integer(now.seconds)),
            .init("exp", .integer(expiration.seconds)),
        ]
        if let uid = identity.uid { claims.append(.init("uid", .string(uid))) }
        if let actor = subject.actor { claims.append(.init("act", actor)) }
        for (field, claim) in byline.fields { claims.append(.init(field.rawValue, .string(claim.value))) }
        return (try keys.current.sign(.object(claims), type: Self.type), expiration)
    }

    /// Reads one of our tokens whose signature was checked.
    func read(_ claims: JSON, now: Timestamp) throws(AuthenticationFault) -> VerifiedToken {
        let expiration = try StandardClaims.check(claims, audiences: [issuer], now: now)
        guard let username = claims["sub"]?.string else { throw .missingClaim("sub") }
        guard let session = claims["sid"]?.string.flatMap(SessionID.init) else { throw .missingClaim("sid") }
        var byline = Byline()
        for field in Byline.Field.allCases {
            if let value = claims[field.rawValue]?.string { byline[field] = Byline.Claim(value, .asserted) }
        }
        let identity = Identity(
            issuer: claims["idp"]?.string ?? issuer, username: username, uid: claims["uid"]?.string,
            groups: claims["groups"]?.strings ?? [])
        return VerifiedToken(
            identity: identity, session: session, byline: byline, expiration: expiration, actor: claims["act"],
            isSessionToken: true)
    }
}
