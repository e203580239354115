public import Vocabulary

/// A piece of what passed through one of an exchange's channels, as the journal holds it.
public struct RecordedChunk: Sendable {
    public let exchange: ExchangeID
    public let direction: Direction
    public let channel: RecordedChannel
    /// Of the first byte, within direction and channel.
    public let offset: UInt64
    /// Nanoseconds since the exchange began.
    public let elapsed: UInt64
    /// How many bytes; none where the side ended the channel.
    public let count: Int
    /// The bytes; those of an outline's chunk are not all there.
    public let bytes: ArraySlice<UInt8>

    /// Returns nil for a frame that holds no chunk.
    public init?(_ frame: JournalFrame) {
        guard frame.kind == .chunk, let head = ChunkHead(frame.payload) else { return nil }
        exchange = head.exchange
        direction = head.direction
        channel = head.channel
        offset = head.offset
        elapsed = head.elapsed
        count = frame.length - head.length
        bytes = frame.payload[head.length...]
    }

    /// The chunk as a line of `GET /byline/v1/exchanges/{id}/stream`; bytes in base64.
    public var json: JSON {
        let content: JSON.Member =
            bytes.isEmpty ? JSON.Member("end", true) : JSON.Member("bytes", .string(Base64.encode(Array(bytes))))
        return .object([
            content, JSON.Member("channel", .string(channel.name)), JSON.Member("direction", .string(direction.name)),
            JSON.Member("elapsed", .integer(elapsed)), JSON.Member("offset", .integer(offset)),
        ])
    }
}

/// What a chunk's payload says before its bytes.
struct ChunkHead {
    let exchange: ExchangeID
    let direction: Direction
    let channel: RecordedChannel
    let offset: UInt64
    let elapsed: UInt64
    /// Where the bytes begin in the payload.
    let length: Int

    /// Reads a chunk's payload; nil where it is none.
    init?(_ payload: [UInt8]) {
        guard payload.count >= JournalFormat.chunkOverhead, let direction = Direction(rawValue: payload[16]),
            let (channel, keyLength) = RecordedChannel.read(code: payload[17], payload[JournalFormat.chunkOverhead...])
        else { return nil }
        exchange = ExchangeID(bytes: payload[0..<16])
        self.direction = direction
        self.channel = channel
        offset = payload.integer(at: 18)
        elapsed = payload.integer(at: 26)
        length = JournalFormat.chunkOverhead + keyLength
    }
}
