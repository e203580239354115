import NIOCore
import Recording
import Vocabulary

/// The record as the API reads it. It follows the journal before each answer, so an exchange can be read as soon as it
/// is recorded.
actor RecordLibrary {
    private var catalogue: JournalCatalogue

    init(catalogue: JournalCatalogue) { self.catalogue = catalogue }

    func sessions(limit: Int) throws -> [JSON] {
        try catalogue.catchUp()
        return catalogue.sessions(limit: limit)
    }

    func session(_ id: SessionID) throws -> (session: JSON, exchanges: [JSON])? {
        try catalogue.catchUp()
        return catalogue.session(id)
    }

    func exchange(_ id: ExchangeID) throws -> JSON? {
        try catalogue.catchUp()
        return catalogue.exchange(id)
    }

    /// One direction's recorded bytes, read from the journal piece by piece.
    func body(of id: ExchangeID, _ direction: Direction) throws -> @Sendable () async throws -> ByteBuffer? {
        let body = try catalogue.body(of: id, direction)
        let cursor = BodyCursor(body)
        return { try await cursor.next() }
    }
}

/// Where a reader of a body stands.
private actor BodyCursor {
    private var body: RecordedBody

    init(_ body: RecordedBody) { self.body = body }

    func next() throws -> ByteBuffer? { try body.next().map { ByteBuffer(bytes: $0) } }
}
