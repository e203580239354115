import Vocabulary

/// The checks of a token's claims that do not depend on who issued it.
enum StandardClaims {
    /// How far two clocks may differ, in seconds.
    static let leeway: Int64 = 30
    /// Moments are held to the years that a date can name.
    private static let latest = 9_000_000_000

    /// Checks `aud`, `exp`, `nbf` and `iat`.
    ///
    /// - Returns: when the token ends.
    static func check(
        _ claims: JSON, audiences: Set<String>, now: Timestamp
    ) throws(AuthenticationFault) -> Timestamp {
        let audience = claims["aud"]?.strings ?? claims["aud"]?.string.map { [$0] } ?? []
        guard !audiences.isDisjoint(with: audience) else { throw .wrongAudience }
        guard let expiration = try moment("exp", claims) else { throw .missingClaim("exp") }
        guard now < expiration.advanced(bySeconds: leeway) else { throw .expired(at: expiration) }
        for name in ["nbf", "iat"] {
            guard let from = try moment(name, claims) else { continue }
            guard from.advanced(bySeconds: -leeway) <= now else { throw .notYetValid(from: from) }
        }
        return expiration
    }

    /// A NumericDate (RFC 7519 §2), whole or with a fraction, which is cut.
    private static func moment(_ name: String, _ claims: JSON) throws(AuthenticationFault) -> Timestamp? {
        guard let value = claims[name] else { return nil }
        guard case .number(let literal) = value, let seconds = Double(literal), seconds >= 0, seconds.isFinite else {
            throw .invalidClaim(name)
        }
        return Timestamp(seconds: Int64(min(seconds, Double(latest))))
    }
}
