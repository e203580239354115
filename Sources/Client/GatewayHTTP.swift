import CurlTransport
import KubernetesWire
import LocalState
import Vocabulary

/// Small calls to a gateway or an issuer, and what their answers mean.
struct GatewayHTTP: Sendable {
    let engine: CurlEngine
    let trust: Trust
    var clientCertificate: ClientCertificate?
    /// How many bytes of an answer are held.
    var limit = 64 << 20

    /// Posts a form; a confidential client proves itself with its id and secret.
    func postForm(
        _ fields: [(String, String)], to url: String, basic: (String, String)? = nil, timeout: Int = 30
    ) async throws(ClientFault) -> CurlEngine.Answer {
        var request = TransportRequest(
            method: "POST", url: url, headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: .bytes(Array(FormFields(fields).encoded.utf8)), trust: trust, timeout: timeout)
        if let basic {
            // RFC 6749 §2.3.1: both are form-encoded before they are joined.
            let pair = "\(PercentEncoding.encode(basic.0)):\(PercentEncoding.encode(basic.1))"
            request.headers.append(("Authorization", "Basic \(Base64.encode(pair.utf8))"))
        }
        return try await send(request)
    }

    /// Sends, and takes nothing but a JSON answer of status 200.
    func json(_ request: TransportRequest) async throws(ClientFault) -> JSON {
        let answer = try await send(request)
        let json = try? JSON(parsing: answer.body)
        guard answer.head.status == 200, let json else {
            throw Self.refusal(of: request.url, status: answer.head.status, json)
        }
        return json
    }

    /// What an answer of another status means. A Status of the gateway speaks for itself.
    static func refusal(of what: String, status: Int, _ json: JSON?) -> ClientFault {
        if let message = json?["message"]?.string, json?["kind"]?.string == "Status" {
            return .refusedByGateway(status: status, message: message)
        }
        return .unexpectedAnswer(what: what, status: status, detail: json?["error"]?.string ?? "")
    }

    func send(_ request: TransportRequest) async throws(ClientFault) -> CurlEngine.Answer {
        var request = request
        request.trust = trust
        request.clientCertificate = clientCertificate
        do throws(TransportFault) { return try await engine.call(request, limit: limit) } catch {
            let host = request.url.split(separator: "/").dropFirst().first.map { "https://\($0)" } ?? request.url
            throw .unreachable(what: host, error)
        }
    }
}
