import LocalState
public import Vocabulary

/// Verifies attestations: JWS whose signer, an orchestrator with a key that the operator configured, says who wrote a
/// request. Its claims are named as baggage's keys.
public struct Attestations: Sendable {
    /// Someone whose word on a byline is taken.
    public struct Attester: Sendable {
        let issuer: String
        let audiences: Set<String>
        public let keys: any KeySource

        public init(issuer: String, audiences: Set<String>, keys: any KeySource) {
            self.issuer = issuer
            self.audiences = audiences
            self.keys = keys
        }
    }

    /// What an attestation says.
    public struct Attested: Hashable, Sendable, Expiring {
        /// Its fields, each attested.
        public let byline: Byline
        /// Whom it speaks of; nil where it speaks of whoever shows it.
        let subject: String?
        public let expiration: Timestamp

        /// True where it speaks of this caller.
        public func covers(_ identity: Identity) -> Bool {
            subject.map { $0 == identity.username || $0 == identity.uid } ?? true
        }

        /// A field of which the request says something else.
        public func contradiction(with request: Byline) -> Byline.Field? {
            byline.fields.first { field, claim in request[field].map { $0.value != claim.value } ?? false }?.field
        }
    }

    /// The header's name, in lower case.
    public static let headerName = "byline-attestation"

    public let attesters: [Attester]

    public init(_ attesters: [Attester]) { self.attesters = attesters }

    public func verify(_ text: String) async throws(AuthenticationFault) -> Attested {
        try await verify(text, now: .now())
    }

    func verify(_ text: String, now: Timestamp) async throws(AuthenticationFault) -> Attested {
        let token = try SignedToken(text)
        let issuer = token.payload["iss"]?.string ?? ""
        guard let attester = attesters.first(where: { $0.issuer == issuer }) else { throw .unknownIssuer(issuer) }
        try token.verify(with: try await attester.keys.key(token.keyID, algorithm: token.algorithm))
        try token.checkType(["jwt", "byline-attestation+jwt"])
        guard token.payload["iat"] != nil else { throw .missingClaim("iat") }
        let expiration = try StandardClaims.check(token.payload, audiences: attester.audiences, now: now)
        var byline = Byline()
        for field in Byline.Field.allCases {
            guard let value = token.payload[field.rawValue] else { continue }
            guard let text = value.string, !text.isEmpty, text.utf8.count <= 1_024,
                !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
            else { throw .invalidClaim(field.rawValue) }
            byline[field] = Byline.Claim(text, .attested)
        }
        return Attested(byline: byline, subject: token.payload["sub"]?.string, expiration: expiration)
    }
}
