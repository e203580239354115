import LocalState
public import Vocabulary

/// Verifies attestations: JWS whose signer, an orchestrator with a key that the operator configured, says who wrote a
/// request. Its claims are named as baggage's keys.
public struct Attestations: Sendable {
    /// Someone whose word on a byline is taken.
    public struct Attester: Sendable {
        let issuer: String
        let audiences: Set<String>
        /// Seconds from `iat` on for which it is taken, whatever its `exp` says.
        let maximumAge: Int64
        public let keys: any KeySource

        /// The usual age, in seconds.
        public static let usualAge: Int64 = 900

        public init(
            issuer: String, audiences: Set<String>, maximumAge: Int64 = Attester.usualAge, keys: any KeySource
        ) {
            self.maximumAge = maximumAge
            self.issuer = issuer
            self.audiences = audiences
            self.keys = keys
        }
    }

    /// What an attestation says.
    public struct Attested: Hashable, Sendable, Expiring {
        /// Its fields, each attested.
        public let byline: Byline
        /// Whom it speaks of; nil where it speaks of a session alone.
        let subject: String?
        /// The session that it speaks of; nil where it speaks of a person alone.
        let session: String?
        /// Its issuer and `jti`; nil where it has none.
        let id: String?
        public let expiration: Timestamp

        /// True where it speaks of this caller.
        public func covers(_ identity: Identity, session: SessionID) -> Bool {
            (subject.map { $0 == identity.username || $0 == identity.uid } ?? true)
                && (self.session.map { $0 == session.description } ?? true)
        }

        /// A field of which the request says something else.
        public func contradiction(with request: Byline) -> Byline.Field? {
            byline.fields.first { field, claim in request[field].map { $0.value != claim.value } ?? false }?.field
        }
    }

    /// The header's name, in lower case.
    public static let headerName = "byline-attestation"

    public let attesters: [Attester]
    private let used = UsedAttestations()

    public init(_ attesters: [Attester]) { self.attesters = attesters }

    /// Binds an attestation with a `jti` to the first session that shows it.
    ///
    /// - Returns: false where another session showed it before.
    public func claim(_ attested: Attested, for session: SessionID) -> Bool {
        attested.id.map { used.claim($0, until: attested.expiration, for: session, now: .now()) } ?? true
    }

    public func verify(_ text: String) async throws(AuthenticationFault) -> Attested {
        try await verify(text, now: .now())
    }

    func verify(_ text: String, now: Timestamp) async throws(AuthenticationFault) -> Attested {
        let token = try SignedToken(text)
        let issuer = token.payload["iss"]?.string ?? ""
        guard let attester = attesters.first(where: { $0.issuer == issuer }) else { throw .unknownIssuer(issuer) }
        try token.verify(with: try await attester.keys.key(token.keyID, algorithm: token.algorithm))
        try token.checkType(["jwt", "byline-attestation+jwt"])
        guard let issued = token.payload["iat"] else { throw .missingClaim("iat") }
        guard let issuedAt = issued.integer else { throw .invalidClaim("iat") }
        var expiration = try StandardClaims.check(token.payload, audiences: attester.audiences, now: now)
        let oldest = Timestamp(seconds: Int64(issuedAt)).advanced(bySeconds: attester.maximumAge)
        expiration = min(expiration, oldest)
        guard now < expiration.advanced(bySeconds: StandardClaims.leeway) else { throw .expired(at: expiration) }
        let (subject, session) = (token.payload["sub"]?.string, token.payload["sid"]?.string)
        guard subject != nil || session != nil else { throw .missingClaim("sub") }
        var byline = Byline()
        for field in Byline.Field.allCases {
            guard let value = token.payload[field.rawValue] else { continue }
            guard let text = value.string, !text.isEmpty, text.utf8.count <= 1_024,
                !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
            else { throw .invalidClaim(field.rawValue) }
            byline[field] = Byline.Claim(text, .attested)
        }
        return Attested(
            byline: byline, subject: subject, session: session,
            id: token.payload["jti"]?.string.map { "\(issuer) \($0)" }, expiration: expiration)
    }
}
