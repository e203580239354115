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

/// Whether session tokens are bound to the client certificate of the connection on which they were asked for (RFC 8705).
public enum CertificateBinding: String, CaseIterable, Sendable {
    case never
    /// Where the caller shows a certificate.
    case offered
    /// Always: who shows none gets none.
    case required
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
    /// Seconds, at most `lifetime`.
    public let longest: Int64
    public let binding: CertificateBinding

    public init(
        issuer: String, keys: SessionTokenKeys, longest: Int64 = SessionTokens.lifetime,
        binding: CertificateBinding = .never
    ) {
        self.issuer = issuer
        self.keys = keys
        self.longest = min(longest, Self.lifetime)
        self.binding = binding
    }

    /// Signs a token that says what the verified one says, with the byline's fields, and ends no later than it.
    func mint(for subject: VerifiedToken, byline: Byline, now: Timestamp) throws -> (
        token: String, expiration: Timestamp
    ) {
        let expiration = min(subject.expiration, now.advanced(bySeconds: longest))
        let identity = subject.identity
        var claims: [JSON.Member] = [
            .init("iss", .string(issuer)), .init("aud", .string(issuer)), .init("sub", .string(identity.username)),
            .init("idp", .string(identity.issuer)), .init("groups", .strings(identity.groups)),
            .init("sid", .string(subject.session.description)), .init("iat", .integer(now.seconds)),
            .init("exp", .integer(expiration.seconds)),
        ]
        if let uid = identity.uid { claims.append(.init("uid", .string(uid))) }
        if let actor = subject.actor { claims.append(.init("act", actor)) }
        if !identity.extra.isEmpty {
            let members = identity.extra.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .strings($0.value)) }
            claims.append(.init("extra", .object(members)))
        }
        if let thumbprint = subject.certificateThumbprint {
            claims.append(.init("cnf", ["x5t#S256": .string(thumbprint)]))
        }
        for (field, claim) in byline.fields { claims.append(.init(field.rawValue, .string(claim.value))) }
        let attested = byline.fields.filter { $0.claim.trust == .attested }.map(\.field.rawValue)
        if !attested.isEmpty { claims.append(.init("attested", .strings(attested))) }
        return (try keys.current.sign(.object(claims), type: Self.type), expiration)
    }

    /// Reads one of our tokens whose signature was checked.
    func read(_ claims: JSON, now: Timestamp) throws(AuthenticationFault) -> VerifiedToken {
        // Two gateways may share a key; each believes its own tokens only.
        guard claims["iss"]?.string == issuer else { throw .unknownIssuer(claims["iss"]?.string ?? "") }
        let expiration = try StandardClaims.check(claims, audiences: [issuer], now: now)
        guard let username = claims["sub"]?.string else { throw .missingClaim("sub") }
        guard let session = claims["sid"]?.string.flatMap(SessionID.init) else { throw .missingClaim("sid") }
        var byline = Byline()
        let attested = Set(claims["attested"]?.strings ?? [])
        for field in Byline.Field.allCases {
            guard let value = claims[field.rawValue]?.string else { continue }
            byline[field] = Byline.Claim(value, attested.contains(field.rawValue) ? .attested : .asserted)
        }
        var extra: [String: [String]] = [:]
        for member in claims["extra"]?.members ?? [] { extra[member.name] = member.value.strings ?? [] }
        let identity = Identity(
            issuer: claims["idp"]?.string ?? issuer, username: username, uid: claims["uid"]?.string,
            groups: claims["groups"]?.strings ?? [], extra: extra)
        return VerifiedToken(
            identity: identity, session: session, byline: byline, expiration: expiration, actor: claims["act"],
            isSessionToken: true, certificateThumbprint: claims["cnf"]?["x5t#S256"]?.string)
    }
}
