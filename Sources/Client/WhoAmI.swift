public import Vocabulary

/// What a sign-in says, for `byline whoami`. The claims are the gateway's to verify; here they are only shown.
extension SignIn {
    public var summary: JSON {
        let claims = accessToken.split(separator: ".").dropFirst().first.flatMap { Base64.decodeURL($0) }
            .flatMap { try? JSON(parsing: $0) }
        return [
            "expiration": .string(expiration.rfc3339(fractionDigits: 0)), "gateway": .string(gateway),
            "groups": claims?["groups"] ?? [], "issuer": .string(issuer),
            "username": claims?["preferred_username"] ?? claims?["sub"] ?? "",
        ]
    }
}
