import Vocabulary

/// An OIDC issuer whose tokens the gateway takes, and how its claims are read.
public struct TrustedIssuer: Sendable {
    /// The issuer's URL, as the `iss` claim says it, byte for byte.
    public let url: String
    /// One of these must be in `aud`.
    public let audiences: Set<String>
    /// The claim that names the person, and the one that lists the groups.
    public let usernameClaim: String
    public let groupsClaim: String
    let keys: [String: VerificationKey]

    public init(
        url: String, audiences: Set<String>, usernameClaim: String, groupsClaim: String, keys: [VerificationKey]
    ) {
        self.url = url
        self.audiences = audiences
        self.usernameClaim = usernameClaim
        self.groupsClaim = groupsClaim
        self.keys = Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
    }

    /// Reads who a verified token names.
    func identity(_ claims: JSON) throws(AuthenticationFault) -> Identity {
        guard let username = claims[usernameClaim]?.string, !username.isEmpty else {
            throw .missingClaim(usernameClaim)
        }
        let groups = claims[groupsClaim]?.strings ?? claims[groupsClaim]?.string.map { [$0] } ?? []
        return Identity(issuer: url, username: username, uid: claims["sub"]?.string, groups: groups)
    }
}

/// The checks of a token's claims that do not depend on who issued it.
enum StandardClaims {
    /// How far two clocks may differ, in seconds.
    static let leeway: Int64 = 30

    /// Checks `aud`, `exp`, `nbf` and `iat`.
    ///
    /// - Returns: when the token ends.
    static func check(
        _ claims: JSON, audiences: Set<String>, now: Timestamp
    ) throws(AuthenticationFault) -> Timestamp {
        let audience = claims["aud"]?.strings ?? claims["aud"]?.string.map { [$0] } ?? []
        guard !audiences.isDisjoint(with: audience) else { throw .wrongAudience }
        guard let end = claims["exp"]?.integer else { throw .missingClaim("exp") }
        let expiration = Timestamp(seconds: Int64(clamping: min(end, 9_000_000_000)))
        guard now < expiration.advanced(bySeconds: leeway) else { throw .expired(at: expiration) }
        for name in ["nbf", "iat"] {
            guard let start = claims[name]?.integer else { continue }
            let from = Timestamp(seconds: Int64(clamping: min(start, 9_000_000_000)))
            guard from.advanced(bySeconds: -leeway) <= now else { throw .notYetValid(from: from) }
        }
        return expiration
    }
}
