import Authentication
import NIOHTTP1
import Recording
import Vocabulary

/// Everything that the gateway answers itself, by path.
struct GatewayPages: ControlPages {
    let discovery: Discovery
    let exchange: TokenExchange
    let keys: SessionTokenKeys
    let records: RecordPages
    let recorder: Recorder
    /// What answers below its own path as well: the embedded issuer of `byline-gateway dev`.
    let issuer: (any ControlPages)?
    let issuerPath: String

    func respond(to request: ControlRequest) async -> ControlResponse {
        switch (request.method, request.path) {
        case ("GET", "/.well-known/byline"): return .json(.ok, discovery.json)
        case ("POST", "/byline/v1/token"): return await token(request)
        case ("GET", "/byline/v1/keys"): return .json(.ok, keys.jwks)
        case ("GET", "/livez"): return ControlResponse(.ok, body: Array("ok\n".utf8))
        case ("GET", "/readyz"): return ready()
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
        let answer = await exchange.exchange(fields)
        return .json(answer.isSuccess ? .ok : .badRequest, answer.json)
    }

    private func ready() -> ControlResponse {
        if let failure = recorder.health.failure {
            return ControlResponse(.serviceUnavailable, body: Array("recorder: failing: \(failure)\n".utf8))
        }
        return ControlResponse(.ok, body: Array("recorder: ok\n".utf8))
    }
}
