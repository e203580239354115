public import CurlTransport
import LocalState
import Synchronization
public import Vocabulary

/// The session token of one run at one gateway: exchanged from the sign-in and a byline, and anew before it ends.
public actor GatewaySession {
    private let signingIn: SigningIn
    private let engine: CurlEngine
    private let byline: Byline
    private let gatewayURL: String?
    private let kept: Mutex<Token?> = Mutex(nil)
    private var renewal: Task<Token, any Error>?

    /// A token and where it is good.
    public struct Token: Sendable {
        public let gateway: String
        let way: Way
        public let session: String
        let usableUntil: Timestamp
        public let trust: Trust
        public let authorization: String

        init(gateway: String, way: Way, session: String, text: String, usableUntil: Timestamp) {
            self.gateway = gateway
            self.way = way
            self.session = session
            self.usableUntil = usableUntil
            trust = way.gatewayTrust
            authorization = "Bearer \(text)"
        }

        public var clientCertificate: ClientCertificate? { way.clientCertificate }
    }

    public init(_ signingIn: SigningIn, _ engine: CurlEngine, gateway: String?, byline: Byline) {
        self.signingIn = signingIn
        self.engine = engine
        gatewayURL = gateway
        self.byline = byline
    }

    /// The token, where it is good for a while: for who must not wait.
    nonisolated var atHand: Token? {
        kept.withLock { $0.flatMap { Timestamp.now() < $0.usableUntil ? $0 : nil } }
    }

    /// A token that is good for a while; many callers at once cause one exchange.
    public func current() async throws -> Token {
        if let atHand { return atHand }
        if let renewal { return try await renewal.value }
        let task = Task { try await self.exchange() }
        renewal = task
        defer { renewal = nil }
        let fresh = try await task.value
        kept.withLock { $0 = fresh }
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
