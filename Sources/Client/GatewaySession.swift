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
        let way: Way
        public let session: String
        let text: String
        let usableUntil: Timestamp

        public var trust: Trust { way.gatewayTrust }
        public var clientCertificate: ClientCertificate? { way.clientCertificate }
        public var authorization: String { "Bearer \(text)" }
    }

    public init(_ signingIn: SigningIn, _ engine: CurlEngine, gateway: String?, byline: Byline) {
        self.signingIn = signingIn
        self.engine = engine
        gatewayURL = gateway
        self.byline = byline
    }

    /// A token that is good for a while; many callers at once cause one exchange.
    public func current() async throws -> Token {
        if let token, Timestamp.now() < token.usableUntil { return token }
        if let renewal { return try await renewal.value }
        let task = Task { try await self.exchange() }
        renewal = task
        defer { renewal = nil }
        let fresh = try await task.value
        token = fresh
        return fresh
    }

    private func exchange() async throws -> Token {
        let (signIn, session) = try await signingIn.session(at: gatewayURL, byline: byline)
        return Token(
            gateway: signIn.gateway, way: signIn.way, session: session.id, text: session.token,
            usableUntil: session.usableUntil)
    }

    /// The clusters that the gateway serves.
    public func clusters() async throws -> [String] {
        let token = try await current()
        let discovery = try await token.way.toGateway(engine).json(
            .init(method: "GET", url: "\(token.gateway)/.well-known/byline", trust: token.trust, timeout: 30))
        return discovery["clusters"]?.strings ?? []
    }
}
