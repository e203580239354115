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

    /// What the gateway offers.
    func offers() async throws -> GatewayOffers { try await GatewayOffers.ask(try await current(), engine) }
}

/// What a gateway tells in `/.well-known/byline` of what can be done at it.
struct GatewayOffers: Sendable {
    let clusters: [String]
    let prompts: PromptKeeping

    static func ask(_ token: GatewaySession.Token, _ engine: CurlEngine) async throws(ClientFault) -> GatewayOffers {
        let discovery = try await token.way.toGateway(engine).json(
            .init(method: "GET", url: "\(token.gateway)/.well-known/byline", trust: token.trust, timeout: 30))
        // A gateway from before it could record prompts says nothing of them.
        return GatewayOffers(
            clusters: discovery["clusters"]?.strings ?? [],
            prompts: discovery["prompts"]?.string.flatMap(PromptKeeping.init(rawValue:)) ?? .digest)
    }

    /// What sends prompts' texts to this gateway.
    ///
    /// - Parameters:
    ///   - options: the command line; one that asks for it in vain is told so.
    ///   - environment: the process' own.
    ///   - engine: what they are sent by.
    /// - Returns: nil where none are to be sent.
    func promptDelivery(
        _ options: BylineOptions, _ environment: Environment, _ engine: CurlEngine
    ) -> PromptDelivery? {
        if options.sendsPrompt, prompts == .digest {
            StandardError.write("byline: the gateway records no texts of prompts, so only the SHA-256 is sent\n")
        }
        guard prompts.wants(whenTold: options.sendsPrompt || environment.sendsPrompt) else { return nil }
        return PromptDelivery(PromptTexts(options, environment), engine)
    }
}
