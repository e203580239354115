import CurlTransport
import LocalState
import Vocabulary

/// The exchange of a sign-in and a byline for a session token (RFC 8693), at the gateway.
struct SessionExchange {
    private let engine: CurlEngine

    init(_ engine: CurlEngine) { self.engine = engine }

    /// What the gateway gives.
    struct Session: Sendable {
        let token: String
        let id: String
        let expiration: Timestamp
        /// Until when it is to be used: a quarter of its life before its end, but no more than a minute.
        let usableUntil: Timestamp
    }

    func session(from signIn: SignIn, byline: Byline) async throws(ClientFault) -> Session {
        var fields = [
            ("grant_type", Issuer.exchangeGrant), ("subject_token", signIn.subjectToken),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ]
        for (field, claim) in byline.fields { fields.append((field.rawValue, claim.value)) }
        let answer = try await signIn.way.toGateway(engine).postForm(
            fields, to: "\(signIn.gateway)/byline/v1/token")
        let json = try? JSON(parsing: answer.body)
        guard answer.head.status == 200, let token = json?["access_token"]?.string,
            let id = json?["session"]?.string
        else { throw Self.fault(signIn, answer.head, json) }
        let life = max(1, Int64(json?["expires_in"]?.integer ?? 300))
        let now = Timestamp.now()
        return Session(
            token: token, id: id, expiration: now.advanced(bySeconds: life),
            usableUntil: now.advanced(bySeconds: life - min(60, life / 4)))
    }

    private static func fault(_ signIn: SignIn, _ head: TransportHead, _ json: JSON?) -> ClientFault {
        let words = json?["error_description"]?.string ?? json?["message"]?.string ?? ""
        guard let code = json?["error"]?.string else {
            return .unexpectedAnswer(what: signIn.gateway, status: head.status, detail: words)
        }
        return .signIn(
            .refusedByGateway(
                signIn.gateway, sentence: words.isEmpty ? code : words, canRetry: code == "invalid_grant",
                clocks: ClockDifference(head)))
    }
}
