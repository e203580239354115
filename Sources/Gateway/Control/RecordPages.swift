import Authentication
import Authorization
import KubernetesWire
import NIOCore
import NIOHTTP1
import Recording
import Vocabulary

/// The API through which people read the record: `GET /byline/v1/sessions`, `/sessions/{id}`, `/exchanges/{id}`,
/// `/exchanges/{id}/request` and `/response` (`?channel=NAME` for one channel of an upgraded connection), and
/// `/exchanges/{id}/stream`, a line of JSON for each chunk.
struct RecordPages: ControlPages {
    let library: RecordLibrary
    let authenticator: Authenticator
    /// Who may read; nil for nobody.
    let auditors: Rule.Subjects?

    static let prefix = "/byline/v1/"

    func respond(to request: ControlRequest) async -> ControlResponse {
        guard request.method == "GET" || request.method == "HEAD" else {
            return .status(Status(.methodNotAllowed, "byline: the record is only read: use GET"))
        }
        guard let bearer = BearerToken.read(request.headers) else {
            return .refusal(.authentication(.missingCredential))
        }
        let reader: String
        do throws(AuthenticationFault) {
            let token = try await authenticator.verify(bearer)
            reader = token.identity.username
            if let bound = token.certificateThumbprint, bound != request.certificateThumbprint {
                throw .certificateMismatch
            }
            guard auditors?.include(token.identity) == true else { return .refusal(.notAuditor) }
        } catch { return .refusal(.authentication(error)) }
        do {
            var answer = try await answer(request)
            answer.note = Self.unsealing(request, reader)
            return answer
        } catch {
            return .status(Status(.internalError, "byline: the record cannot be read: \(error)"))
        }
    }

    /// Who reads sealed originals stands in the journal.
    private static func unsealing(_ request: ControlRequest, _ reader: String) -> GatewayNote? {
        let parts = request.path.dropFirst(prefix.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, FormFields(parsing: request.query)?["channel"] == RecordedChannel.sealed.name else {
            return nil
        }
        return .sealedOriginalsRead(exchange: String(parts[1]), reader: reader)
    }

    private func answer(_ request: ControlRequest) async throws -> ControlResponse {
        let parts = request.path.dropFirst(Self.prefix.count).split(separator: "/", omittingEmptySubsequences: false)
        switch (parts.first, parts.count) {
        case ("sessions", 1):
            let limit = FormFields(parsing: request.query)?["limit"].flatMap(Int.init) ?? 50
            let sessions = try await library.sessions(limit: min(max(limit, 1), 1_000))
            return .json(.ok, ["sessions": .array(sessions)])
        case ("sessions", 2):
            guard let id = SessionID(String(parts[1])), let found = try await library.session(id) else {
                return .status(
                    Status(
                        .notFound,
                        "byline: no session \"\(parts[1].prefix(64))\" is recorded here; list them with: byline sessions"
                    ))
            }
            return .json(.ok, ["session": found.session, "exchanges": .array(found.exchanges)])
        case ("exchanges", 2...3):
            guard let id = ExchangeID(String(parts[1])), let exchange = try await library.exchange(id) else {
                return .status(
                    Status(
                        .notFound,
                        "byline: no exchange \"\(parts[1].prefix(64))\" is recorded here; list a session's with: byline replay SESSION"
                    ))
            }
            if parts.count == 2 { return .json(.ok, exchange) }
            let channel = FormFields(parsing: request.query)?["channel"]
            if parts[2] == "stream" {
                return .stream("application/x-ndjson", try await library.stream(of: id, channel: channel))
            }
            guard let direction = Direction(rawName: String(parts[2])) else { return .refusal(.notFound(request.path)) }
            return .stream(
                "application/octet-stream", try await library.body(of: id, direction, channel: channel))
        default: return .refusal(.notFound(request.path))
        }
    }
}

extension ControlResponse {
    static func stream(
        _ contentType: String, _ next: @escaping @Sendable () async throws -> ByteBuffer?
    ) -> ControlResponse {
        var response = ControlResponse(
            .ok, headers: HTTPHeaders([("Content-Type", contentType), ("Cache-Control", "no-store")]))
        response.stream = next
        return response
    }

    static func status(_ status: Status) -> ControlResponse {
        .json(HTTPResponseStatus(statusCode: status.code), status.json)
    }

    static func refusal(_ refusal: Refusal) -> ControlResponse {
        var response = status(refusal.status)
        response.refusal = refusal
        return response
    }
}
