public import CurlTransport
import LocalState
public import Vocabulary

/// The session token of one run at one gateway: exchanged from the sign-in and a byline, and anew before it ends.
public actor GatewaySession {
    private let signingIn: SigningIn
    private let engine: CurlEngine
    private let byline: Byline
    private let gatewayURL: String?
    private var token: Token?
    private var renewal: Task<Token, any Error>?

    /// A token and where it is good.
    public struct Token: Sendable {
        public let gateway: String
        public let trust: Trust
        public let session: String
        let text: String
        let expiration: Timestamp

        public var authorization: String { "Bearer \(text)" }
    }

    public init(_ signingIn: SigningIn, _ engine: CurlEngine, gateway: String?, byline: Byline) {
        self.signingIn = signingIn
        self.engine = engine
        gatewayURL = gateway
        self.byline = byline
    }

    /// A token that is good for a minute at least; many callers at once cause one exchange.
    public func current() async throws -> Token {
        if let token, Timestamp.now().advanced(bySeconds: 60) < token.expiration { return token }
        if let renewal { return try await renewal.value }
        let task = Task { try await self.exchange() }
        renewal = task
        defer { renewal = nil }
        let fresh = try await task.value
        token = fresh
        return fresh
    }

    private func exchange() async throws -> Token {
        let signIn = try await signingIn.current(gateway: gatewayURL)
        let http = GatewayHTTP(engine: engine, trust: signIn.trust)
        var fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", signIn.accessToken),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ]
        for (field, claim) in byline.fields { fields.append((field.rawValue, claim.value)) }
        let (status, json) = try await http.answer(
            .init(
                method: "POST", url: "\(signIn.gateway)/byline/v1/token",
                headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: .bytes(Array(FormFields(fields).encoded.utf8)), trust: signIn.trust, timeout: 30))
        guard status == 200, let json, let text = json["access_token"]?.string, let session = json["session"]?.string
        else {
            if json?["error"]?.string == "invalid_grant" { throw ClientFault.signInExpired(gateway: signIn.gateway) }
            throw ClientFault.unexpectedAnswer(
                what: signIn.gateway, status: status,
                detail: json?["error_description"]?.string ?? json?["message"]?.string ?? "")
        }
        let life = Int64(json["expires_in"]?.integer ?? 300)
        return Token(
            gateway: signIn.gateway, trust: signIn.trust, session: session, text: text,
            expiration: Timestamp.now().advanced(bySeconds: life))
    }

    /// The clusters that the gateway serves.
    public func clusters() async throws -> [String] {
        let token = try await current()
        let http = GatewayHTTP(engine: engine, trust: token.trust)
        let discovery = try await http.json(
            .init(method: "GET", url: "\(token.gateway)/.well-known/byline", trust: token.trust, timeout: 30))
        return discovery["clusters"]?.strings ?? []
    }
}
