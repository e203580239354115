import CredentialCache
public import CurlTransport
import Tagging
import Vocabulary

/// `byline credential`: the exec credential plugin's long way, with sign-in and exchange. The short way is the program
/// `byline-credential`.
public struct CredentialCommand: Sendable {
    private let gateway: String?
    private let byline: BylineOptions

    public init(gateway: String?, byline: BylineOptions) {
        self.gateway = gateway
        self.byline = byline
    }

    /// The whole answer, to be written at once.
    ///
    /// - Throws: `ClientFault`; then nothing is to be written.
    public func answer(
        _ environment: Environment, _ engine: CurlEngine, hasTerminal: Bool
    ) async throws(ClientFault) -> [UInt8] {
        let question = CredentialAnswer.Question(variables: environment.variables)
        guard question.isAnswerable else { throw .badExecInfo(version: question.apiVersion) }
        // What was said on purpose and cannot be used is refused here.
        _ = try byline.context(environment)
        let signingIn = try SigningIn(
            environment, engine, mayAsk: question.isInteractive ?? hasTerminal)
        let gateway = try signingIn.gateway(gateway)
        guard
            let request = CredentialRequest(
                gateway: gateway, flags: try byline.flags(), variables: environment.variables)
        else { throw .noStateFolder }
        let (session, fresh) = try await signingIn.keptSession(request)
        if let fresh { await sendPrompt(of: request.byline, fresh, environment, engine) }
        return CredentialAnswer.bytes(session, apiVersion: question.apiVersion)
    }

    /// Sends the text of the prompt that a new token names, where it is known and wanted. What hinders that hinders no
    /// request.
    private func sendPrompt(
        of byline: Byline, _ token: GatewaySession.Token, _ environment: Environment, _ engine: CurlEngine
    ) async {
        guard let digest = byline[.promptDigest]?.value,
            let text = PromptTexts(self.byline, environment).text(of: digest),
            let prompts = try? await GatewayOffers.ask(token, engine).prompts,
            prompts.wants(whenTold: self.byline.sendsPrompt || environment.sendsPrompt)
        else { return }
        _ = await PromptDelivery.send(text, byline, token, engine)
    }
}
