import LocalState
import Tagging
public import Vocabulary

/// RFC 8693 token exchange: an issuer's token and a byline for a session token.
public struct TokenExchange: Sendable {
    /// The answer: RFC 8693 §2.2.1, or an error as RFC 6749 §5.2 has it.
    public struct Answer: Sendable {
        public let isSuccess: Bool
        public let json: JSON
    }

    public static let grantType = "urn:ietf:params:oauth:grant-type:token-exchange"
    private static let subjectTypes: Set<String> = [
        "urn:ietf:params:oauth:token-type:access_token", "urn:ietf:params:oauth:token-type:id_token",
        "urn:ietf:params:oauth:token-type:jwt",
    ]

    private let authenticator: Authenticator
    private let sessionTokens: SessionTokens

    public init(authenticator: Authenticator, sessionTokens: SessionTokens) {
        self.authenticator = authenticator
        self.sessionTokens = sessionTokens
    }

    public func exchange(_ fields: FormFields) async -> Answer {
        guard fields["grant_type"] == Self.grantType else {
            return error("unsupported_grant_type", "grant_type must be \(Self.grantType)")
        }
        guard let subject = fields["subject_token"] else { return error("invalid_request", "subject_token is missing") }
        guard let type = fields["subject_token_type"], Self.subjectTypes.contains(type) else {
            return error("invalid_request", "subject_token_type must be one of \(Self.subjectTypes.sorted())")
        }
        let byline: Byline
        do throws(Baggage.Fault) { byline = try Self.byline(in: fields) } catch {
            return self.error("invalid_request", "the byline cannot be taken: \(error)")
        }
        let verified: VerifiedToken
        do throws(AuthenticationFault) { verified = try await authenticator.verify(subject) } catch {
            return self.error("invalid_grant", error.sentence)
        }
        return mint(verified, byline)
    }

    private func mint(_ verified: VerifiedToken, _ byline: Byline) -> Answer {
        let now = Timestamp.now()
        let conversation = byline[.conversation]?.value
        let session = conversation.map { SessionID(identity: verified.identity, conversation: $0) } ?? .random()
        let subject = VerifiedToken(
            identity: verified.identity, session: session, byline: byline, expiration: verified.expiration,
            actor: verified.actor, isSessionToken: true)
        guard let (token, expiration) = try? sessionTokens.mint(for: subject, byline: byline, now: now) else {
            return error("server_error", "the session token could not be signed")
        }
        return Answer(
            isSuccess: true,
            json: [
                "access_token": .string(token), "issued_token_type": "urn:ietf:params:oauth:token-type:jwt",
                "token_type": "Bearer", "expires_in": .integer(max(0, expiration.seconds - now.seconds)),
                "session": .string(session.description),
            ])
    }

    /// The byline's fields, named as in baggage and held to its limits.
    private static func byline(in fields: FormFields) throws(Baggage.Fault) -> Byline {
        var byline = Byline()
        for field in Byline.Field.allCases {
            guard let value = fields[field.rawValue], !value.isEmpty else { continue }
            byline[field] = Byline.Claim(value, .asserted)
        }
        return try Baggage.decode([Baggage.encode(byline)])
    }

    private func error(_ code: String, _ description: String) -> Answer {
        Answer(isSuccess: false, json: ["error": .string(code), "error_description": .string(description)])
    }
}
