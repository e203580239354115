public import Vocabulary

/// Why a caller's token was refused. It never holds the token.
public enum AuthenticationFault: Error, Hashable, Sendable {
    case missingCredential
    /// Not a signed JWT in compact form.
    case malformed
    case tooLong(limit: Int)
    /// An algorithm that is not accepted: `none`, a shared secret, or an unknown one.
    case algorithmRefused(String)
    case unknownIssuer(String)
    case unknownKey(String)
    case badSignature
    case wrongType(String)
    case wrongAudience
    case missingClaim(String)
    case expired(at: Timestamp)
    case notYetValid(from: Timestamp)
    /// A header that must be understood and is not (RFC 7515 §4.1.11).
    case criticalHeader
    /// `azp` names a client that may not bring tokens here.
    case wrongParty
    /// A claim that is not of the shape that it must have.
    case invalidClaim(String)
    /// A claim that the operator requires is absent or says something else.
    case requiredClaim(String)
    /// A user or a group that Kubernetes keeps for itself.
    case reservedName(String)
    /// The e-mail address that names the caller was not verified by the issuer.
    case emailNotVerified
    /// The issuer's tokens are not taken for this cluster.
    case otherCluster
    /// The issuer's keys could not be fetched yet, or not for too long.
    case keysUnavailable
    /// The session token is bound to a client certificate (RFC 8705), and this connection showed another, or none.
    case certificateMismatch

    /// What failed, for a person, without a full stop.
    public var sentence: String {
        switch self {
        case .missingCredential: "the request carries no bearer token"
        case .malformed: "the bearer token is no signed JWT"
        case .tooLong(let limit): "the bearer token is longer than \(limit) bytes"
        case .algorithmRefused: "the bearer token is signed with an algorithm that is not accepted"
        case .unknownIssuer: "the bearer token's issuer is not one that this gateway trusts"
        case .unknownKey: "the bearer token is signed with a key that its issuer does not publish"
        case .badSignature: "the bearer token's signature does not fit"
        case .wrongType: "the bearer token is of a type that opens nothing here"
        case .wrongAudience: "the bearer token was issued for another audience"
        case .missingClaim(let claim): "the bearer token lacks the claim \"\(claim)\""
        case .expired(let time): "the sign-in expired at \(time.rfc3339(fractionDigits: 0))"
        case .notYetValid(let time):
            "the bearer token is not valid before \(time.rfc3339(fractionDigits: 0)); check the clocks"
        case .criticalHeader: "the bearer token has a critical header that is not understood here"
        case .wrongParty: "the bearer token was issued to a client that may not use this gateway"
        case .invalidClaim(let claim): "the bearer token's claims cannot be used: \(claim) is not of the right form"
        case .requiredClaim(let claim): "the bearer token's claim \"\(claim)\" is not what this gateway requires"
        case .reservedName: "the bearer token names a user or a group that begins with \"system:\""
        case .emailNotVerified: "the bearer token's e-mail address is not verified by its issuer"
        case .otherCluster: "the bearer token's issuer is not trusted for this cluster"
        case .keysUnavailable: "the keys of the bearer token's issuer cannot be fetched"
        case .certificateMismatch:
            "the session token is bound to a client certificate that this connection did not show"
        }
    }

    /// True where the same client can do better by signing in again, so that a 401 helps.
    public var canBeHelpedByFreshCredential: Bool {
        switch self {
        case .missingCredential, .expired, .unknownKey, .badSignature, .malformed: true
        case .tooLong, .algorithmRefused, .unknownIssuer, .wrongType, .wrongAudience, .missingClaim, .notYetValid,
            .criticalHeader, .wrongParty, .invalidClaim, .requiredClaim, .reservedName, .keysUnavailable,
            .emailNotVerified, .otherCluster, .certificateMismatch:
            false
        }
    }
}
