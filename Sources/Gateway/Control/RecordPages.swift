import Authentication
import Authorization
import KubernetesWire
import NIOCore
import NIOHTTP1
import RecordIndex
import Recording
import Vocabulary

/// The API through which people read the record, as `RecordDocument` describes it. Only auditors get an answer, and what
/// they read is recorded.
struct RecordPages: ControlPages {
    let index: RecordIndex
    let authenticator: Authenticator
    /// Who may read; nil for nobody.
    let auditors: Rule.Subjects?
    private let watches = WatchPlaces()

    static let prefix = "/byline/v1/"

    func respond(to request: ControlRequest) async -> ControlResponse {
        if request.path == RecordDocument.path { return RecordDocument.response(to: request) }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .status(Status(.methodNotAllowed, "byline: the record is only read: use GET"))
        }
        guard let bearer = BearerToken.read(request.headers) else {
            return .refusal(.authentication(.missingCredential))
        }
        let reader: VerifiedToken
        do throws(AuthenticationFault) {
            reader = try await authenticator.verify(bearer)
            if let bound = reader.certificateThumbprint, bound != request.certificateThumbprint {
                throw .certificateMismatch
            }
            guard auditors?.include(reader.identity) == true else { return .refusal(.notAuditor) }
        } catch { return .refusal(.authentication(error)) }
        do {
            await index.catchUp()
            var response = try await answer(request, reader)
            response.note = Self.unsealing(request, reader.identity.username)
            if response.status.code < 300 { response.reader = reader.identity }
            return response
        } catch let refusal as RecordRefusal { return refusal.response } catch {
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

    private func answer(_ request: ControlRequest, _ reader: VerifiedToken) async throws -> ControlResponse {
        let parts = request.path.dropFirst(Self.prefix.count).split(separator: "/", omittingEmptySubsequences: false)
        let id = parts.count > 1 ? String(parts[1]) : ""
        var question = try RecordQuestion(request.query)
        let response: ControlResponse
        switch (parts.first, parts.count, parts.last) {
        case ("sessions", 1, _): response = try await sessions(&question)
        case ("sessions", 2, _): response = try await session(id, &question)
        case ("sessions", 3, "watch"): response = try await watch(id, request, reader, &question)
        case ("exchanges", 1, _): response = try await exchanges(&question)
        case ("exchanges", 2, _): response = try await exchange(id, &question)
        case ("exchanges", 3, "stream"): response = try await stream(id, &question)
        case ("exchanges", 3, "request"): response = try await content(id, .request, request, &question)
        case ("exchanges", 3, "response"): response = try await content(id, .response, request, &question)
        default: return .refusal(.notFound(request.path))
        }
        return response
    }

    // MARK: the pages

    private func sessions(_ question: inout RecordQuestion) async throws -> ControlResponse {
        let (limit, cursor) = (try question.limit(), try question.cursor())
        let filter = try question.sessionFilter()
        try question.finish()
        let page = try await asking { try await index.sessions(filter, after: cursor, limit: limit) }
        return .json(.ok, .page("sessions", page))
    }

    private func session(_ text: String, _ question: inout RecordQuestion) async throws -> ControlResponse {
        let (limit, cursor) = (try question.limit(), try question.cursor())
        try question.finish()
        guard let id = SessionID(text) else { throw RecordRefusal.noSession(text) }
        let found = try await asking { try await index.session(id, after: cursor, limit: limit) }
        guard let found else { throw RecordRefusal.noSession(text) }
        return .json(.ok, .page("exchanges", found.exchanges, [.init("session", found.session)]))
    }

    private func watch(
        _ text: String, _ request: ControlRequest, _ reader: VerifiedToken, _ question: inout RecordQuestion
    ) async throws -> ControlResponse {
        try question.finish()
        guard let id = SessionID(text) else { throw RecordRefusal.noSession(text) }
        let event = request.headers.first(name: "last-event-id")
        guard let watch = try await asking({ try await index.watch(id, after: event) }) else {
            throw RecordRefusal.noSession(text)
        }
        guard let place = watches.take(reader.identity) else { return .refusal(.recordWatches) }
        return ServerSentEvents.response(watch, in: place, until: reader.expiration)
    }

    private func exchanges(_ question: inout RecordQuestion) async throws -> ControlResponse {
        let (limit, cursor) = (try question.limit(), try question.cursor())
        let filter = try question.exchangeFilter()
        try question.finish()
        let page = try await asking { try await index.exchanges(filter, after: cursor, limit: limit) }
        return .json(.ok, .page("exchanges", page))
    }

    private func exchange(_ text: String, _ question: inout RecordQuestion) async throws -> ControlResponse {
        try question.finish()
        guard let id = ExchangeID(text), let exchange = try await index.exchange(id) else {
            throw RecordRefusal.noExchange(text)
        }
        return .json(.ok, exchange)
    }

    private func stream(_ text: String, _ question: inout RecordQuestion) async throws -> ControlResponse {
        let channel = question.text("channel")
        try question.finish()
        // What is recorded is given whole, or waited for.
        await index.catchUp(patience: .seconds(60))
        guard let id = ExchangeID(text), try await index.length(of: id, .request) != nil else {
            throw RecordRefusal.noExchange(text)
        }
        let chunks = index.chunks(of: id, ChunkSelection(channel: channel))
        return .stream("application/x-ndjson") {
            try await chunks.next().map { ByteBuffer(bytes: $0.json.canonicalBytes + [UInt8(ascii: "\n")]) }
        }
    }

    private func content(
        _ text: String, _ direction: Direction, _ request: ControlRequest, _ question: inout RecordQuestion
    ) async throws -> ControlResponse {
        let channel = question.text("channel")
        try question.finish()
        // What is recorded is given whole, or waited for.
        await index.catchUp(patience: .seconds(60))
        guard let id = ExchangeID(text), let length = try await index.length(of: id, direction, channel: channel)
        else { throw RecordRefusal.noExchange(text) }
        return try await ByteRange.response(to: request.headers, length: length) { range in
            let content = index.content(of: id, direction, channel: channel, range: range)
            // The first piece is read before the answer begins, so that what cannot be read is refused with a sentence.
            let first = FirstPiece(try await content.next())
            return {
                if let piece = await first.take() { return ByteBuffer(bytes: piece) }
                return try await content.next().map { ByteBuffer(bytes: $0) }
            }
        }
    }

    /// A question that the index does not understand is the caller's fault.
    private func asking<Value: Sendable>(_ ask: () async throws -> Value) async throws -> Value {
        do { return try await ask() } catch let fault as QuestionFault { throw RecordRefusal.question(fault) }
    }
}

/// A piece that was read ahead, until it is taken.
private actor FirstPiece {
    private var piece: [UInt8]?

    init(_ piece: [UInt8]?) { self.piece = piece }

    func take() -> [UInt8]? {
        defer { piece = nil }
        return piece
    }
}

extension JSON {
    fileprivate static func page(_ name: String, _ page: Page<JSON>, _ more: [Member] = []) -> JSON {
        .object(
            [.init(name, .array(page.elements))] + (page.next.map { [.init("next", .string($0.text))] } ?? []) + more)
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
