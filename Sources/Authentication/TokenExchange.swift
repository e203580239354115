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

    private static let givenTypes: Set<String> = [
        "urn:ietf:params:oauth:token-type:access_token", "urn:ietf:params:oauth:token-type:jwt",
    ]

    private let authenticator: Authenticator
    private let sessionTokens: SessionTokens

    public init(authenticator: Authenticator, sessionTokens: SessionTokens) {
        self.authenticator = authenticator
        self.sessionTokens = sessionTokens
    }

    /// Answers a request for a session token. The thumbprint is that of the client certificate which the connection
    /// showed; nil where it showed none.
    public func exchange(_ fields: FormFields, certificateThumbprint: String?) async -> Answer {
        guard Set(fields.fields.map(\.name)).count == fields.fields.count else {
            return error("invalid_request", "a parameter stands there more than once")
        }
        guard fields["grant_type"] == Self.grantType else {
            return error("unsupported_grant_type", "grant_type must be \(Self.grantType)")
        }
        guard let subject = fields["subject_token"] else { return error("invalid_request", "subject_token is missing") }
        guard let type = fields["subject_token_type"], Self.subjectTypes.contains(type) else {
            return error("invalid_request", "subject_token_type must be one of \(Self.subjectTypes.sorted())")
        }
        if let wanted = fields["requested_token_type"], !Self.givenTypes.contains(wanted) {
            return error("invalid_request", "requested_token_type must be one of \(Self.givenTypes.sorted())")
        }
        for target in [fields["audience"], fields["resource"]] where target != nil && target != sessionTokens.issuer {
            return error("invalid_target", "session tokens are for \(sessionTokens.issuer) only")
        }
        if sessionTokens.binding == .required, certificateThumbprint == nil {
            return error("invalid_request", "this gateway binds session tokens to a client certificate: show one")
        }
        var byline: Byline
        do throws(Baggage.Fault) { byline = try Self.byline(in: fields) } catch {
            return self.error("invalid_request", "the byline cannot be taken: \(error)")
        }
        let verified: VerifiedToken
        do throws(AuthenticationFault) { verified = try await authenticator.verify(subject) } catch {
            return self.error("invalid_grant", error.sentence)
        }
        var session = Self.session(verified, byline) ?? .random()
        if let attestation = fields["byline_attestation"] {
            do throws(AuthenticationFault) {
                let attested = try await authenticator.attestations.verify(attestation)
                if let field = attested.contradiction(with: byline) {
                    return error("invalid_request", "\(field.rawValue) is not what the attestation says")
                }
                byline = byline.overlaid(with: attested.byline)
                session = Self.session(verified, byline) ?? session
                guard attested.covers(verified.identity, session: session) else {
                    return error("invalid_request", "the attestation speaks of someone else")
                }
                guard authenticator.attestations.claim(attested, for: session) else {
                    return error("invalid_request", "the attestation was shown in another session before")
                }
            } catch { return self.error("invalid_request", "byline_attestation: \(error.sentence)") }
        }
        // A bound token is exchanged for one that is bound as well, and only by who holds the certificate.
        if let bound = verified.certificateThumbprint, bound != certificateThumbprint {
            return error("invalid_grant", AuthenticationFault.certificateMismatch.sentence)
        }
        return mint(verified, session, byline, boundTo: sessionTokens.binding == .never ? nil : certificateThumbprint)
    }

    /// The session of a conversation; nil where the byline names none.
    private static func session(_ verified: VerifiedToken, _ byline: Byline) -> SessionID? {
        byline[.conversation].map { SessionID(identity: verified.identity, conversation: $0.value) }
    }

    private func mint(
        _ verified: VerifiedToken, _ session: SessionID, _ byline: Byline, boundTo thumbprint: String?
    ) -> Answer {
        let now = Timestamp.now()
        let subject = VerifiedToken(
            identity: verified.identity, session: session, byline: byline, expiration: verified.expiration,
            actor: verified.actor, isSessionToken: true, certificateThumbprint: thumbprint)
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
