public import Vocabulary

/// What a side of an upgraded connection sent through a channel, as `GET /byline/v1/exchanges/{id}/stream` tells it.
public struct StreamedChunk: Hashable, Sendable {
    /// `request` or `response`.
    public let direction: String
    public let channel: String
    /// Nanoseconds since the exchange began.
    public let elapsed: Int
    /// None where the side ended the channel.
    public let bytes: [UInt8]

    public init(direction: String, channel: String, elapsed: Int, bytes: [UInt8]) {
        self.direction = direction
        self.channel = channel
        self.elapsed = elapsed
        self.bytes = bytes
    }

    /// Returns nil where the JSON is no chunk.
    public init?(_ json: JSON) {
        guard let channel = json["channel"]?.string, let direction = json["direction"]?.string,
            let bytes = Base64.decode(json["bytes"]?.string ?? "")
        else { return nil }
        self.init(direction: direction, channel: channel, elapsed: json["elapsed"]?.integer ?? 0, bytes: bytes)
    }

    var isRequest: Bool { direction == "request" }
}

/// Reads chunks from lines of JSON that arrive in pieces.
public struct StreamedChunks: Sendable {
    private var rest: [UInt8] = []

    public init() {}

    /// The chunks whose lines are whole now. A line that is none is passed over.
    public mutating func take(_ bytes: [UInt8]) -> [StreamedChunk] {
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            rest += bytes
            return []
        }
        let whole = rest + bytes[..<end]
        rest = Array(bytes[(end + 1)...])
        return whole.split(separator: UInt8(ascii: "\n")).compactMap { line in
            (try? JSON(parsing: Array(line))).flatMap(StreamedChunk.init)
        }
    }
}
