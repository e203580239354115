import LocalState
import Synchronization

/// A sealed segment's bytes, decoded as they are asked for: a block at a time, with the one that was read last kept.
final class SealedContent: SegmentContent {
    let table: SealedTable
    private let path: String
    private let file: PlainContent
    private let store: PieceStore
    private let provesPieces: Bool
    /// Where each block begins in the file, and where the last one ends.
    private let places: [Int64]
    private let cached: Mutex<(block: Int, bytes: [UInt8])?> = Mutex(nil)
    /// The piece that was read last: most reach into two blocks.
    private let cachedPiece: Mutex<(number: UInt32, bytes: [UInt8])?> = Mutex(nil)

    /// Opens a sealed file, whose pieces are in the folder where it stands, and believes its table when that is whole.
    ///
    /// - Parameters:
    ///   - path: the file's.
    ///   - provesPieces: false for who compares all that is read with what it must be.
    /// - Throws: what is wrong with the file or its table.
    init(_ path: String, provesPieces: Bool = true) throws(RecordingFault) {
        self.path = path
        self.provesPieces = provesPieces
        file = try PlainContent(path)
        store = PieceStore(folder: JournalFolder(path: Path.folder(of: path)))
        table = try Self.readTable(file, path)
        var places = [Int64(JournalFormat.headerLength)]
        for block in table.blocks { places.append(places[places.count - 1] + Int64(block.length)) }
        self.places = places
    }

    /// What the table says of the segment.
    func facts() throws(RecordingFault) -> SegmentFacts {
        guard let facts = SegmentFacts(table.facts) else {
            throw .damaged(path: path, what: "its facts cannot be read")
        }
        return facts
    }

    private static func readTable(_ file: PlainContent, _ path: String) throws(RecordingFault) -> SealedTable {
        let header = try file.read(at: 0, count: JournalFormat.headerLength)
        _ = try JournalFormat.readHeader(header, magic: SealedFormat.magic, path: path)
        let end = try file.length() - Int64(SealedFormat.footerLength)
        let footer = try file.read(at: max(0, end), count: SealedFormat.footerLength)
        guard end >= Int64(JournalFormat.headerLength), footer.count == SealedFormat.footerLength,
            Array(footer[16...]) == SealedFormat.magic
        else { throw .damaged(path: path, what: "it has no end") }
        let offset: UInt64 = footer.integer(at: 0)
        let length: UInt32 = footer.integer(at: 8)
        let checksum: UInt32 = footer.integer(at: 12)
        guard offset <= UInt64(end), Int64(offset) + Int64(length) == end else {
            throw .damaged(path: path, what: "its table is not where its end says")
        }
        let compressed = try file.read(at: Int64(offset), count: Int(length))
        guard compressed.withUnsafeBytes({ CRC32C.checksum($0) }) == checksum,
            let bytes = Zstd.decompress(compressed, limit: SealedFormat.maximumTable), let table = SealedTable(bytes)
        else { throw .damaged(path: path, what: "its table is damaged") }
        return table
    }

    func length() throws(RecordingFault) -> Int64 { table.plainLength }

    func read(at offset: Int64, count: Int) throws(RecordingFault) -> [UInt8] {
        let end = min(offset + Int64(count), table.plainLength)
        guard offset < end else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(end - offset))
        var position = offset
        while position < end {
            let block = Int(position / SealedFormat.blockLength)
            let blockStart = Int64(block) * SealedFormat.blockLength
            let blockEnd = min(blockStart + SealedFormat.blockLength, end)
            bytes += try self.block(block)[Int(position - blockStart)..<Int(blockEnd - blockStart)]
            position = blockEnd
        }
        return bytes
    }

    /// A block's bytes as they were written, pieces included.
    func block(_ number: Int) throws(RecordingFault) -> [UInt8] {
        if let cached = cached.withLock({ $0 }), cached.block == number { return cached.bytes }
        let bytes = try decode(number)
        cached.withLock { $0 = (number, bytes) }
        return bytes
    }

    private func decode(_ number: Int) throws(RecordingFault) -> [UInt8] {
        let start = Int64(number) * SealedFormat.blockLength
        let end = min(start + SealedFormat.blockLength, table.plainLength)
        let compressed = try file.read(at: places[number], count: Int(table.blocks[number].length))
        guard compressed.withUnsafeBytes({ CRC32C.checksum($0) }) == table.blocks[number].checksum,
            let literal = Zstd.decompress(compressed, limit: Int(SealedFormat.blockLength))
        else { throw .damaged(path: path, what: "its block \(number) is damaged") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(end - start))
        var rest = literal[...]
        var piece = cachedPiece.withLock { $0 }
        for reference in table.references[table.firstReference(endingBehind: start)...] {
            guard reference.offset < end else { break }
            let from = max(reference.offset, start)
            let gap = Int(from - start) - bytes.count
            bytes += rest.prefix(gap)
            rest = rest.dropFirst(gap)
            if piece?.number != reference.piece {
                let entry = table.pieces[Int(reference.piece)]
                piece = (reference.piece, provesPieces ? try store.read(entry) : try store.unproven(entry))
            }
            let inPiece = Int(reference.offsetInPiece) + Int(from - reference.offset)
            bytes += piece?.bytes[inPiece..<inPiece + Int(min(reference.end, end) - from)] ?? []
        }
        bytes += rest
        cachedPiece.withLock { $0 = piece }
        guard bytes.count == Int(end - start) else {
            throw .damaged(path: path, what: "its block \(number) does not fit its table")
        }
        return bytes
    }
}

extension SealedTable {
    /// The place of the first reference that reaches beyond an offset.
    func firstReference(endingBehind offset: Int64) -> Int {
        var (low, high) = (0, references.count)
        while low < high {
            let middle = (low + high) / 2
            if references[middle].end <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
