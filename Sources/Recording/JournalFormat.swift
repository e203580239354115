import Vocabulary

/// The journal's format, version 1. All integers are little-endian.
///
/// A journal is a folder of segments, `NNNNNNNNNN.byl`: ten decimal digits, counted from 0000000001. A segment is a
/// header and then frames, one behind the other, until the file ends.
///
/// Header, 48 bytes:
///
/// | offset | bytes | what |
/// |---:|---:|---|
/// | 0 | 8 | magic: `BYLINEJ` and a line feed |
/// | 8 | 4 | format version: 1 |
/// | 12 | 4 | CRC-32C of bytes 16 to 47 |
/// | 16 | 16 | origin: names the journal, the same in all its segments |
/// | 32 | 8 | the segment's number |
/// | 40 | 8 | when it was begun, nanoseconds since 1970 |
///
/// Frame, 9 bytes and the payload:
///
/// | offset | bytes | what |
/// |---:|---:|---|
/// | 0 | 4 | length of the payload, at most 16 MiB |
/// | 4 | 4 | CRC-32C of the kind and the payload |
/// | 8 | 1 | kind: 1 session, 2 open, 3 chunk, 4 close, 5 decision, 6 gateway |
/// | 9 | length | payload |
///
/// The payload of a `chunk` is binary; all others are canonical JSON (RFC 8785). What a reader does not know of their
/// members it passes over. A session has a frame at its beginning, and one more for each prompt whose text was sent: the
/// same members, and `prompt` with the `digest` of the text as it was sent and the `text` as it was masked.
///
/// A `close` of what the gateway refused after its opening, or whose answer it refused, names the cause in `refused`, and `failure` has
/// the sentence. Where not all of a request was forwarded, `bytes.forwarded` counts what was, and `digests.requestForwarded` is of that;
/// of nothing there is no such digest.
///
/// A `decision` of a refused request has the caller's `identity` where it was proven before the refusal. Refusals of one source and
/// cause within a second are one frame behind the first twenty, with their `count`; one without `sourceAddress` counts those of many sources,
/// for which there was no room.
///
/// Chunk payload, 34 bytes and the bytes themselves:
///
/// | offset | bytes | what |
/// |---:|---:|---|
/// | 0 | 16 | the exchange's id, most significant byte first |
/// | 16 | 1 | direction: 1 request, 2 response |
/// | 17 | 1 | channel: 1 body; of an upgraded connection 2 raw (what could not be read), 3 stdin, 4 stdout, 5 stderr, 6 error, 7 resize, 8 port data, 9 port error, 10 other; 11 the sealed originals |
/// | 18 | 8 | offset of the first byte within direction and channel |
/// | 26 | 8 | nanoseconds since the exchange began, on a clock that never steps |
/// | 34 | … | the bytes; none where this side ended the channel |
///
/// Of the channels 8 to 10 there can be many. With these the bytes begin at 44, behind the channel's key: at 34 the port
/// in 2 bytes (0 for other), at 36 in 8 bytes the number that tells a port's connections apart, or the channel's own.
///
/// A frame whose length or checksum does not fit ends the segment: what stands behind it cannot be trusted.
///
/// A segment that is no longer written is sealed: its bytes are compressed into `NNNNNNNNNN.byz`, as `SealedFormat`
/// describes. Beside the segments a journal has `bodies`, the pieces to which sealed segments refer, `holds`, a file for
/// each session under legal hold, and `lock`. What is called `….new` is not yet whole, and of no account.
public enum JournalFormat {
    public static let version: UInt32 = 1
    static let magic = Array("BYLINEJ\n".utf8)
    static let headerLength = 48
    static let frameOverhead = 9
    static let chunkOverhead = 34
    /// With a channel's key.
    static let longestChunkHead = 44
    /// A chunk's channel where it is of an HTTP message's body.
    static let bodyChannel: UInt8 = 1
    /// A chunk's channel where it is of an upgraded connection, undecoded. Those above are of a decoded one.
    static let rawChannel: UInt8 = 2
    static let maximumPayload = 16 << 20

    /// The kinds of frames.
    public enum Kind: UInt8, Sendable {
        case session = 1
        case open = 2
        case chunk = 3
        case close = 4
        case decision = 5
        case gateway = 6

        /// The kind's name in what is told about journals.
        public var name: String {
            switch self {
            case .session: "session"
            case .open: "open"
            case .chunk: "chunk"
            case .close: "close"
            case .decision: "decision"
            case .gateway: "gateway"
            }
        }
    }

    static func header(
        origin: [UInt8], segment: UInt64, time: Timestamp, magic: [UInt8] = JournalFormat.magic
    ) -> [UInt8] {
        var tail = origin
        tail.appendInteger(segment)
        tail.appendInteger(UInt64(bitPattern: time.nanoseconds))
        var header = magic
        header.appendInteger(version)
        header.appendInteger(tail.withUnsafeBytes { CRC32C.checksum($0) })
        return header + tail
    }

    /// Reads a segment's header.
    static func readHeader(
        _ bytes: [UInt8], magic: [UInt8] = JournalFormat.magic, path: String
    ) throws(RecordingFault) -> SegmentHeader {
        guard bytes.count >= headerLength, Array(bytes[0..<8]) == magic else { throw .notAJournal(path: path) }
        let version: UInt32 = bytes.integer(at: 8)
        guard version == Self.version else { throw .newerFormat(path: path, version: version) }
        let checksum: UInt32 = bytes.integer(at: 12)
        guard bytes[16..<headerLength].withUnsafeBytes({ CRC32C.checksum($0) }) == checksum else {
            throw .notAJournal(path: path)
        }
        return SegmentHeader(
            origin: Array(bytes[16..<32]), number: bytes.integer(at: 32),
            time: Timestamp(nanoseconds: bytes.integer(at: 40)))
    }
}

/// What a segment's header says.
struct SegmentHeader {
    /// 16 bytes.
    let origin: [UInt8]
    let number: UInt64
    /// When it was begun.
    let time: Timestamp
}

/// Which way bytes went.
public enum Direction: UInt8, Hashable, Sendable, CaseIterable {
    case request = 1
    case response = 2

    /// The direction's name in the record and in the API.
    public var name: String { self == .request ? "request" : "response" }

    /// Reads a name; nil for any other text.
    public init?(rawName: String) {
        switch rawName {
        case "request": self = .request
        case "response": self = .response
        default: return nil
        }
    }
}

extension [UInt8] {
    mutating func appendInteger(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    func integer<Value: FixedWidthInteger>(at offset: Int) -> Value {
        Value(littleEndian: withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) })
    }
}
