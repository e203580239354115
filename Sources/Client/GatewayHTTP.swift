import CurlTransport
import KubernetesWire
import Vocabulary

/// Small calls to a gateway or an issuer, and what their answers mean.
struct GatewayHTTP: Sendable {
    let engine: CurlEngine
    let trust: Trust

    /// Sends; the body as JSON where it is JSON.
    func answer(_ request: TransportRequest) async throws(ClientFault) -> (status: Int, json: JSON?) {
        let answer = try await send(request)
        return (answer.head.status, try? JSON(parsing: answer.body))
    }

    /// Sends, and takes nothing but a JSON answer of status 200.
    func json(_ request: TransportRequest) async throws(ClientFault) -> JSON {
        let answer = try await send(request)
        let json = try? JSON(parsing: answer.body)
        guard answer.head.status == 200, let json else {
            // A Status of the gateway speaks for itself.
            if let message = json?["message"]?.string, json?["kind"]?.string == "Status" {
                throw .refusedByGateway(status: answer.head.status, message: message)
            }
            throw .unexpectedAnswer(what: request.url, status: answer.head.status, detail: json?["error"]?.string ?? "")
        }
        return json
    }

    func send(_ request: TransportRequest) async throws(ClientFault) -> CurlEngine.Answer {
        do throws(TransportFault) { return try await engine.call(request) } catch {
            let host = request.url.split(separator: "/").dropFirst().first.map { "https://\($0)" } ?? request.url
            throw .unreachable(what: host, error)
        }
    }
}
