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

    /// One direction's recorded bytes, read from the journal piece by piece: of a channel, or without one of all that
    /// carry content.
    func body(
        of id: ExchangeID, _ direction: Direction, channel: String?
    ) throws -> @Sendable () async throws -> ByteBuffer? {
        let cursor = ChunkCursor(
            catalogue.chunks(of: id) {
                $0 == direction && (channel == nil ? $1.isContent : channel == $1.name)
            })
        return { try await cursor.nextBytes().map { ByteBuffer(bytes: $0) } }
    }

    /// What passed through the exchange's channels, or through one of them, a line of JSON each chunk.
    func stream(of id: ExchangeID, channel: String?) throws -> @Sendable () async throws -> ByteBuffer? {
        let cursor = ChunkCursor(catalogue.chunks(of: id) { channel == nil || channel == $1.name })
        return { try await cursor.next().map { ByteBuffer(bytes: $0.json.canonicalBytes + [UInt8(ascii: "\n")]) } }
    }
}

/// Where a reader of chunks stands.
private actor ChunkCursor {
    private var chunks: RecordedChunks

    init(_ chunks: RecordedChunks) { self.chunks = chunks }

    func next() throws -> RecordedChunk? { try chunks.next() }

    /// The next chunk's bytes, of those that have any.
    func nextBytes() throws -> [UInt8]? {
        while let chunk = try chunks.next() {
            if !chunk.bytes.isEmpty { return chunk.bytes }
        }
        return nil
    }
}
