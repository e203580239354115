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
        return CredentialAnswer.bytes(try await signingIn.keptSession(request), apiVersion: question.apiVersion)
    }
}
