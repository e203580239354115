import CurlTransport
import Synchronization
import Tagging
import Vocabulary

/// Sends the texts of prompts to the gateway, each once, beside the requests that work at them: none waits for it, and
/// none fails with it.
final class PromptDelivery: Sendable {
    private struct State {
        /// What was sent, or has no text.
        var done: Set<String> = []
        /// One follows the other.
        var last: Task<Void, Never>?
    }

    /// Seconds for a text.
    private static let timeout = 5
    /// More than these are not remembered: what is sent once more is recorded once more, and told once.
    private static let remembered = 1_000

    private let texts: PromptTexts
    private let engine: CurlEngine
    private let state = Mutex(State())

    init(_ texts: PromptTexts, _ engine: CurlEngine) {
        self.texts = texts
        self.engine = engine
    }

    /// A request of this byline goes out.
    func mention(_ byline: Byline, _ token: GatewaySession.Token) {
        guard let digest = byline[.promptDigest]?.value else { return }
        let name = "\(token.session) \(byline[.conversation]?.value ?? "") \(digest)"
        state.withLock { state in
            guard state.done.insert(name).inserted else { return }
            if state.done.count > Self.remembered { state.done = [name] }
            state.last = Task { [before = state.last] in
                // Before anything is waited for: the next prompt takes the place of this one.
                let text = texts.text(of: digest)
                await before?.value
                guard let text else { return }
                let isOver = await Self.send(text, byline, token, engine)
                // The next request tries again.
                if !isOver { self.state.withLock { _ = $0.done.remove(name) } }
            }
        }
    }

    /// Returns when what was mentioned is sent, or was tried for long enough.
    func finish() async { await state.withLock { $0.last }?.value }

    /// Sends a text.
    ///
    /// - Parameters:
    ///   - text: UTF-8.
    ///   - byline: the byline that names its digest.
    ///   - token: for whose session it is.
    ///   - engine: what it is sent by.
    /// - Returns: false where another try can help.
    static func send(_ text: [UInt8], _ byline: Byline, _ token: GatewaySession.Token, _ engine: CurlEngine) async
        -> Bool
    {
        let request = TransportRequest(
            method: "POST", url: "\(token.gateway)/byline/v1/prompts",
            headers: [
                ("Authorization", token.authorization), (Baggage.headerName, Baggage.encode(byline)),
                ("Content-Type", "text/plain; charset=utf-8"),
            ], body: .bytes(text), trust: token.trust, timeout: timeout)
        guard let answer = try? await token.way.toGateway(engine).send(request) else { return false }
        return answer.head.status < 500 && answer.head.status != 429
    }
}
