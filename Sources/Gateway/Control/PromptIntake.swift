import Authentication
import Crypto
import LocalState
import Masking
import NIOHTTP1
import Recording
import Tagging
import Vocabulary

/// `POST /byline/v1/prompts`: the text of the prompt whose digest the caller's byline names, as UTF-8 and nothing else. It
/// is recorded with the session that the same token and baggage give a request.
struct PromptIntake: ControlPages {
    let keeping: PromptKeeping
    let authenticator: Authenticator
    let masking: MaskingPolicy

    static let path = "/byline/v1/prompts"

    /// Why a text is not taken.
    enum Fault: Error, Hashable, Sendable {
        case unwanted
        case noDigest
        case otherDigest
        case notText
    }

    func respond(to request: ControlRequest) async -> ControlResponse {
        do throws(AuthenticationFault) {
            guard let bearer = BearerToken.read(request.headers) else { throw .missingCredential }
            let token = try await authenticator.verify(bearer)
            if let bound = token.certificateThumbprint, bound != request.certificateThumbprint {
                throw .certificateMismatch
            }
            return take(request, token)
        } catch { return .refusal(.authentication(error)) }
    }

    private func take(_ request: ControlRequest, _ token: VerifiedToken) -> ControlResponse {
        let byline: Byline
        do throws(Baggage.Fault) { byline = try Baggage.decode(request.headers[Baggage.headerName]) } catch {
            return .refusal(.baggage(error))
        }
        do throws(Fault) {
            let prompt = try prompt(request.body, token.authenticated(withRequestByline: byline))
            var response = ControlResponse.json(.ok, ["digest": .string(prompt.digest)])
            response.prompt = prompt
            return response
        } catch { return .refusal(.prompt(error)) }
    }

    private func prompt(_ body: [UInt8], _ caller: Authenticated) throws(Fault) -> SentPrompt {
        guard keeping != .digest else { throw .unwanted }
        guard let digest = caller.byline[.promptDigest]?.value else { throw .noDigest }
        guard digest == "sha256:\(HexDigits.lower(SHA256.hash(data: body)))" else { throw .otherDigest }
        guard let text = String(validating: body, as: UTF8.self) else { throw .notText }
        return SentPrompt(caller: caller, digest: digest, text: masking.record(text), time: .now())
    }
}
