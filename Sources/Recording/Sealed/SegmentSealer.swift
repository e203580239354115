import Crypto
import LocalState
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Turns a segment that is no longer written into its sealed form. The plain form goes only when the sealed one is durable
/// and was read back byte for byte; whatever interrupts this leaves the plain form, and at most a draft, which is made anew.
struct SegmentSealer {
    let folder: JournalFolder
    let calls: DiskCalls
    /// Asked between the steps; true ends the work where it is.
    let isCancelled: () -> Bool

    /// Seals a segment.
    ///
    /// - Parameters:
    ///   - number: the segment's.
    ///   - previous: the facts of the segment before; nil for the first.
    /// - Returns: the segment's facts; nil where the work was cancelled.
    /// - Throws: `RecordingFault`; the segment is as it was then.
    func seal(_ number: UInt64, after previous: SegmentFacts?) throws(RecordingFault) -> SegmentFacts? {
        let path = folder.segment(number)
        let plain = try PlainContent(path)
        let reader = try SegmentReader(plain, path: path)
        guard case (var table, let facts)? = try survey(reader, plain, SegmentFacts(after: previous)) else {
            return nil
        }
        table.facts = facts.json.canonicalBytes
        table.plainLength = try plain.length()
        let draft = folder.sealed(number) + JournalFolder.draftEnding
        defer { unlink(draft) }
        guard try write(plain, &table, reader.header, to: draft), try isSame(plain, draft) else { return nil }
        let sealed = folder.sealed(number)
        guard rename(draft, sealed) == 0 else { throw .file(.lastError("rename to", sealed)) }
        do throws(FileFault) {
            try PrivateFile.syncFolder(folder.path)
            try PrivateFile.remove(path)
        } catch { throw .file(error) }
        return facts
    }

    /// Reads the frames: gathers the facts, and keeps the pieces of bodies.
    private func survey(
        _ reader: SegmentReader, _ plain: PlainContent, _ facts: SegmentFacts
    ) throws(RecordingFault) -> (SealedTable, SegmentFacts)? {
        let store = PieceStore(folder: folder)
        var (table, facts, found) = (SealedTable(), facts, BodyPieces())
        var numbers: [[UInt8]: UInt32] = [:]
        while let frame = try reader.next() {
            if isCancelled() { return nil }
            facts.take(frame)
            let pieces: [[BodyPieces.Part]] =
                switch frame.kind {
                case .chunk: found.take(chunk: frame)
                case .close: frame.closedExchange.map { found.close($0) } ?? []
                default: []
                }
            for parts in pieces {
                var bytes: [UInt8] = []
                for part in parts { bytes += try plain.read(at: part.offset, count: Int(part.count)) }
                let piece = PieceStore.piece(of: bytes)
                let number = numbers[piece.digest] ?? UInt32(table.pieces.count)
                if numbers.updateValue(number, forKey: piece.digest) == nil {
                    try store.keep(bytes, as: piece)
                    table.pieces.append(piece)
                }
                var offset: UInt32 = 0
                for part in parts {
                    table.references.append(
                        .init(
                            offset: part.offset, length: UInt32(part.count), piece: number, offsetInPiece: offset))
                    offset += UInt32(part.count)
                }
            }
        }
        table.references.sort { $0.offset < $1.offset }
        return (table, facts)
    }

    /// Writes the draft, whole and durable.
    ///
    /// - Returns: false where the work was cancelled.
    private func write(
        _ plain: PlainContent, _ table: inout SealedTable, _ header: SegmentHeader, to draft: String
    ) throws(RecordingFault) -> Bool {
        unlink(draft)
        let file = try DraftFile(draft, calls: calls)
        try file.append(
            JournalFormat.header(
                origin: header.origin, segment: header.number, time: header.time, magic: SealedFormat.magic))
        var digest = SHA256()
        var next = 0
        for start in stride(from: 0, to: table.plainLength, by: Int(SealedFormat.blockLength)) {
            if isCancelled() { return false }
            let count = min(SealedFormat.blockLength, table.plainLength - start)
            let bytes = try plain.read(at: start, count: Int(count))
            digest.update(data: bytes)
            let literal = table.literal(bytes, from: start, &next)
            guard let compressed = Zstd.compress(literal) else {
                throw .file(FileFault("write", draft, .system(errno: ENOMEM)))
            }
            let checksum = compressed.withUnsafeBytes { CRC32C.checksum($0) }
            table.blocks.append(.init(length: UInt32(compressed.count), checksum: checksum))
            try file.append(compressed)
        }
        table.plainDigest = Array(digest.finalize())
        guard let compressed = Zstd.compress(table.bytes) else {
            throw .file(FileFault("write", draft, .system(errno: ENOMEM)))
        }
        var footer: [UInt8] = []
        footer.appendInteger(UInt64(file.length))
        footer.appendInteger(UInt32(compressed.count))
        footer.appendInteger(compressed.withUnsafeBytes { CRC32C.checksum($0) })
        try file.append(compressed + footer + SealedFormat.magic)
        try file.sync()
        return true
    }

    /// Reads the draft back and compares it with the segment.
    ///
    /// - Returns: false where the work was cancelled.
    private func isSame(_ plain: PlainContent, _ draft: String) throws(RecordingFault) -> Bool {
        let sealed = try SealedContent(draft, provesPieces: false)
        for block in sealed.table.blocks.indices {
            if isCancelled() { return false }
            let start = Int64(block) * SealedFormat.blockLength
            let written = try plain.read(at: start, count: Int(SealedFormat.blockLength))
            guard try sealed.block(block).isSame(as: written) else {
                throw .damaged(path: draft, what: "it does not read back as it was written")
            }
        }
        return true
    }
}

extension SealedTable {
    /// The bytes of a block that no reference stands for.
    ///
    /// - Parameters:
    ///   - bytes: the block's.
    ///   - start: the offset of the first of them.
    ///   - next: the first reference that may concern the block; put on for the next one.
    /// - Returns: the bytes.
    fileprivate func literal(_ bytes: [UInt8], from start: Int64, _ next: inout Int) -> [UInt8] {
        let end = start + Int64(bytes.count)
        var literal: [UInt8] = []
        var position = start
        while next < references.count, references[next].offset < end {
            let reference = references[next]
            if reference.offset > position {
                literal += bytes[Int(position - start)..<Int(reference.offset - start)]
            }
            position = min(reference.end, end)
            // One that reaches into the next block concerns that one too.
            guard reference.end <= end else { return literal }
            next += 1
        }
        return literal + bytes[Int(position - start)...]
    }
}

extension SegmentReader.Frame {
    /// The exchange that a `close` ends.
    var closedExchange: ExchangeID? {
        guard kind == .close else { return nil }
        return JSONMembers(payload)?["exchange"]?.string.flatMap(ExchangeID.init)
    }
}

/// A file that is being written from its beginning to its end.
private final class DraftFile {
    private let path: String
    private let descriptor: Int32
    private let calls: DiskCalls
    private(set) var length: Int64 = 0

    init(_ path: String, calls: DiskCalls) throws(RecordingFault) {
        self.path = path
        self.calls = calls
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(.lastError("create", path)) }
    }

    deinit { close(descriptor) }

    func append(_ bytes: [UInt8]) throws(RecordingFault) {
        try calls.writeAll(bytes, to: descriptor, at: length, path: path)
        length += Int64(bytes.count)
    }

    func sync() throws(RecordingFault) {
        guard calls.sync(descriptor) == 0 else { throw .file(.lastError("sync", path)) }
    }
}
