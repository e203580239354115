/// A sealed segment, `NNNNNNNNNN.byz`, of format version 1: the bytes of `NNNNNNNNNN.byl`, compressed, with bodies that
/// are long kept elsewhere, each once for the whole journal. Integers are little-endian. Decoded, it is byte for byte what
/// was written; offsets in the journal are always those of the decoded bytes.
///
/// | where | bytes | what |
/// |---|---:|---|
/// | at 0 | 48 | the segment's header, as in `JournalFormat`, with the magic `BYLINEZ` and a line feed |
/// | behind it | … | the blocks, in order: each one Zstandard frame (RFC 8878) |
/// | behind them | … | the table: one Zstandard frame |
/// | 24 from the end | 8 | where the table begins in the file |
/// | 16 from the end | 4 | how many bytes of the file it takes |
/// | 12 from the end | 4 | CRC-32C of those bytes |
/// | 8 from the end | 8 | the magic again |
///
/// Block k holds the segment's bytes from k MiB up to k + 1 MiB, without those for which the table has a reference.
///
/// The table, decompressed:
///
/// | bytes | what |
/// |---:|---|
/// | 8 | the segment's length, decoded |
/// | 32 | SHA-256 of the segment, decoded |
/// | 4 | how many blocks |
/// | 8 for each | length in the file (4), CRC-32C of those bytes (4) |
/// | 4 | how many pieces |
/// | 36 for each | SHA-256 (32) and length (4) of the piece |
/// | 4 | how many references, in the order of their offsets |
/// | 20 for each | offset in the segment (8), length (4), number of the piece (4), offset in the piece (4) |
/// | 4 | length of the facts |
/// | … | the facts: what `SegmentFacts` says of the segment, as canonical JSON |
///
/// A piece is up to 1 MiB of a body, from a whole number of MiB of the body on. It is kept in `bodies/HH/HASH.zst`, its
/// SHA-256 in hexadecimal, the first two digits of it naming the folder: one Zstandard frame.
enum SealedFormat {
    static let magic = Array("BYLINEZ\n".utf8)
    static let blockLength: Int64 = 1 << 20
    static let footerLength = 24
    /// The longest table that is believed, in bytes.
    static let maximumTable = 256 << 20
}

/// Where a sealed segment's bytes are.
struct SealedTable: Equatable {
    struct Block: Equatable {
        /// In the file.
        let length: UInt32
        let checksum: UInt32
    }

    struct Piece: Equatable {
        /// SHA-256.
        let digest: [UInt8]
        let length: UInt32
    }

    /// Bytes of the segment that are kept in a piece.
    struct Reference: Equatable {
        let offset: Int64
        let length: UInt32
        let piece: UInt32
        let offsetInPiece: UInt32

        var end: Int64 { offset + Int64(length) }
    }

    var plainLength: Int64 = 0
    /// SHA-256.
    var plainDigest: [UInt8] = []
    var blocks: [Block] = []
    var pieces: [Piece] = []
    var references: [Reference] = []
    /// Canonical JSON.
    var facts: [UInt8] = []
}

extension SealedTable {
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendInteger(UInt64(plainLength))
        bytes += plainDigest
        bytes.appendInteger(UInt32(blocks.count))
        for block in blocks {
            bytes.appendInteger(block.length)
            bytes.appendInteger(block.checksum)
        }
        bytes.appendInteger(UInt32(pieces.count))
        for piece in pieces {
            bytes += piece.digest
            bytes.appendInteger(piece.length)
        }
        bytes.appendInteger(UInt32(references.count))
        for reference in references {
            bytes.appendInteger(UInt64(reference.offset))
            bytes.appendInteger(reference.length)
            bytes.appendInteger(reference.piece)
            bytes.appendInteger(reference.offsetInPiece)
        }
        bytes.appendInteger(UInt32(facts.count))
        return bytes + facts
    }

    /// Reads a table; nil for what is none, or does not fit together.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        func integer<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
            let width = MemoryLayout<Value>.size
            guard rest.count >= width else { return nil }
            defer { rest = rest.dropFirst(width) }
            return bytes.integer(at: rest.startIndex)
        }
        func take(_ count: Int) -> [UInt8]? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        /// As many entries as the number in front of them says, which must be there.
        func entries<Entry>(of width: Int, _ read: () -> Entry?) -> [Entry]? {
            guard let count = integer(UInt32.self), Int(count) <= rest.count / width else { return nil }
            let entries = (0..<count).compactMap { _ in read() }
            return entries.count == Int(count) ? entries : nil
        }
        guard let length = integer(UInt64.self), length <= UInt64(Int64.max), let digest = take(32),
            let blocks = entries(
                of: 8,
                {
                    integer(UInt32.self).flatMap { length in
                        integer(UInt32.self).map { Block(length: length, checksum: $0) }
                    }
                }),
            let pieces = entries(
                of: 36,
                { take(32).flatMap { digest in integer(UInt32.self).map { Piece(digest: digest, length: $0) } } }),
            let references = entries(
                of: 20,
                { () -> Reference? in
                    guard let offset = integer(UInt64.self), offset <= length, let count = integer(UInt32.self),
                        let piece = integer(UInt32.self), let inPiece = integer(UInt32.self)
                    else { return nil }
                    return Reference(
                        offset: Int64(offset), length: count, piece: piece, offsetInPiece: inPiece)
                }),
            let factsLength = integer(UInt32.self), let facts = take(Int(factsLength)), rest.isEmpty
        else { return nil }
        plainLength = Int64(length)
        plainDigest = digest
        self.blocks = blocks
        self.pieces = pieces
        self.references = references
        self.facts = facts
        guard fitsTogether else { return nil }
    }

    private var fitsTogether: Bool {
        guard Int64(blocks.count) == (plainLength + SealedFormat.blockLength - 1) / SealedFormat.blockLength,
            pieces.allSatisfy({ Int64($0.length) <= BodyPieces.length })
        else { return false }
        var end: Int64 = 0
        for reference in references {
            guard reference.offset >= end, reference.end <= plainLength, Int(reference.piece) < pieces.count,
                UInt64(reference.offsetInPiece) + UInt64(reference.length)
                    <= UInt64(pieces[Int(reference.piece)].length)
            else { return false }
            end = reference.end
        }
        return true
    }
}
