import Authentication
import NIOHTTP1
import Recording
import Vocabulary

/// Everything that the gateway answers itself, by path.
struct GatewayPages: ControlPages {
    let discovery: Discovery
    let exchange: TokenExchange
    let keys: SessionTokenKeys
    let prompts: PromptIntake
    let records: RecordPages
    /// What answers below its own path as well: the embedded issuer of `byline-gateway dev`.
    var issuer: (any ControlPages)?
    var issuerPath = ""

    func respond(to request: ControlRequest) async -> ControlResponse {
        switch (request.method, request.path) {
        case ("GET", "/.well-known/byline"): return .json(.ok, discovery.json)
        case ("POST", "/byline/v1/token"): return await token(request)
        case (_, "/byline/v1/token"): return .refusal(.use("POST", of: request.path))
        case ("POST", PromptIntake.path): return await prompts.respond(to: request)
        case (_, PromptIntake.path): return .refusal(.use("POST", of: request.path))
        case ("GET", "/byline/v1/keys"): return .json(.ok, keys.jwks)
        case ("GET", "/livez"): return ControlResponse(.ok, body: Array("ok\n".utf8))
        // How issuers and clusters stand is told on the monitoring listener alone.
        default: break
        }
        if let issuer, request.path == issuerPath || request.path.hasPrefix(issuerPath + "/") {
            return await issuer.respond(to: request)
        }
        if request.path.hasPrefix(RecordPages.prefix) { return await records.respond(to: request) }
        return .refusal(.notFound(request.path))
    }

    private func token(_ request: ControlRequest) async -> ControlResponse {
        let fields = FormFields(parsing: String(decoding: request.body, as: UTF8.self)) ?? FormFields([])
        let answer = await exchange.exchange(fields, certificateThumbprint: request.certificateThumbprint)
        var response = ControlResponse.json(answer.isSuccess ? .ok : .badRequest, answer.json)
        if !answer.isSuccess { response.refusal = .tokenExchange(answer.json["error_description"]?.string ?? "") }
        return response
    }
}

extension ControlResponse {
    static func ready(_ report: Readiness.Report) -> ControlResponse {
        ControlResponse(
            report.isReady ? .ok : .serviceUnavailable, headers: HTTPHeaders([("Content-Type", "text/plain")]),
            body: Array(report.text.utf8))
    }
}
