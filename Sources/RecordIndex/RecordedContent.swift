import Foundation
import GRDB
public import Recording
public import Vocabulary

/// Which of an exchange's chunks are meant.
public struct ChunkSelection: Hashable, Sendable {
    /// Nil for both.
    public var direction: Direction?
    /// A channel by its name; nil for all that carry content, or for all where no direction is named.
    public var channel: String?

    public init(direction: Direction? = nil, channel: String? = nil) {
        self.direction = direction
        self.channel = channel
    }
}

extension RecordIndex {
    /// How many bytes of one direction are recorded; nil where there is no exchange of that id.
    public func length(
        of id: ExchangeID, _ direction: Direction, channel: String? = nil
    ) async throws -> Int64? {
        try await database.read { db in
            guard let row = try Row.fetchOne(db, sql: Statements.exchange, arguments: [Data(id.bytes)]) else {
                return nil
            }
            let exchange: Int64 = row[0]
            guard let channel else {
                return try Int64.fetchOne(
                    db, sql: Statements.contentLength, arguments: [exchange, direction.rawValue])
            }
            return try Int64.fetchOne(
                db, sql: Statements.channelLength, arguments: [exchange, direction.rawValue, channel])
        }
    }

    /// The chunks of an exchange in the order in which they were recorded.
    public func chunks(of id: ExchangeID, _ selection: ChunkSelection) -> IndexedChunks {
        IndexedChunks(index: self, exchange: id, selection: selection)
    }

    /// The recorded bytes of one direction from an offset on, and at most so many.
    public func content(
        of id: ExchangeID, _ direction: Direction, channel: String? = nil, range: Range<Int64>
    ) -> RecordedContent {
        RecordedContent(
            chunks: chunks(of: id, ChunkSelection(direction: direction, channel: channel)), range: range)
    }
}

/// Chunks of an exchange, read from the journal one by one: no more than one is in memory.
public actor IndexedChunks {
    struct Piece: Sendable {
        let place: Place
        let length: Int64
    }

    private let index: RecordIndex
    let exchange: ExchangeID
    private let selection: ChunkSelection
    private var reader: JournalReader
    private var row: Int64?
    private var pieces: ArraySlice<Piece> = []
    private var last: Int64 = -1
    private var isLast = false

    private static let page = 256

    init(index: RecordIndex, exchange: ExchangeID, selection: ChunkSelection) {
        self.index = index
        self.exchange = exchange
        self.selection = selection
        reader = JournalReader(folder: index.journal)
    }

    /// The next chunk; nil behind the last one that is recorded by now.
    public func next() async throws -> RecordedChunk? {
        guard let piece = try await nextPiece() else { return nil }
        return try read(piece)
    }

    func nextPiece() async throws -> Piece? {
        while pieces.isEmpty, !isLast { try await fetch() }
        return pieces.popFirst()
    }

    /// Nil where the journal no longer holds it as it was written.
    func read(_ piece: Piece) throws -> RecordedChunk? {
        let position = piece.place.position
        reader.seek(to: position)
        guard let frame = try reader.next(), frame.position == position, let chunk = RecordedChunk(frame),
            chunk.exchange == exchange
        else { return nil }
        return chunk
    }

    private func fetch() async throws {
        let (exchange, selection, row, last) = (exchange, selection, row, last)
        let (found, rows, end): (Int64?, [Piece], Int64?) = try await index.database.read { db in
            let id = try row ?? Row.fetchOne(db, sql: Statements.exchange, arguments: [Data(exchange.bytes)])?[0]
            guard let id else { return (nil, [], nil) }
            let rows = try Row.fetchAll(db, sql: Statements.chunks, arguments: [id, last, Self.page])
            let wanted = rows.filter { Self.isWanted($0, selection) }.map {
                Piece(place: Place(value: $0[0]), length: $0[4])
            }
            return (id, wanted, rows.count < Self.page ? nil : rows.last?[0])
        }
        self.row = found
        pieces = rows[...]
        if let end { self.last = end } else { isLast = true }
    }

    private static func isWanted(_ row: Row, _ selection: ChunkSelection) -> Bool {
        let (direction, channel, isContent): (UInt8, String?, Bool) = (row[1], row[2], row[3])
        if let wanted = selection.direction, wanted.rawValue != direction { return false }
        if let wanted = selection.channel { return (channel ?? "body") == wanted }
        return isContent || (selection.direction == nil && channel != RecordedChannel.sealed.name)
    }
}

/// Recorded bytes of one direction, piece by piece.
public actor RecordedContent {
    private let chunks: IndexedChunks
    private var skipped: Int64
    private var left: Int64

    init(chunks: IndexedChunks, range: Range<Int64>) {
        self.chunks = chunks
        skipped = range.lowerBound
        left = Int64(range.count)
    }

    /// The next piece, at most a frame's payload; nil at the end.
    public func next() async throws -> [UInt8]? {
        while left > 0, let piece = try await chunks.nextPiece() {
            guard skipped < piece.length else {
                skipped -= piece.length
                continue
            }
            guard let chunk = try await chunks.read(piece) else { throw RecordGone(exchange: chunks.exchange) }
            let bytes = chunk.bytes.dropFirst(Int(skipped)).prefix(Int(left))
            skipped = 0
            left -= Int64(bytes.count)
            return Array(bytes)
        }
        return nil
    }

    /// The segment that held the bytes was removed while they were read, or is damaged.
    struct RecordGone: Error, CustomStringConvertible {
        let exchange: ExchangeID

        var description: String {
            "exchange \(exchange): the journal no longer holds it as it was written; see what is still good with: byline-gateway fsck"
        }
    }
}
