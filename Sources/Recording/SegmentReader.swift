/// Reads one segment's frames in their order, sealed or not. It can follow a segment that is still being written.
final class SegmentReader {
    /// A frame and where it stands.
    struct Frame {
        let kind: JournalFormat.Kind
        /// Where the frame begins in its segment.
        let offset: Int64
        let payload: [UInt8]
        /// Bytes of the payload, of which only the first may have been read.
        let length: Int
        /// Where the next frame begins.
        var end: Int64 { offset + Int64(JournalFormat.frameOverhead + length) }
    }

    /// How much of chunks is read.
    enum Chunks {
        case whole
        /// Of one that goes on with its channel its beginning only, which says which bytes it has and not what they are. Its
        /// checksum is not looked at.
        case heads
    }

    let header: SegmentHeader
    private let content: any SegmentContent
    /// Where the next frame begins.
    private(set) var position = Int64(JournalFormat.headerLength)
    private var buffer: [UInt8] = []
    private var bufferStart: Int64 = 0
    /// How many bytes are read at a time: many where each is looked at, few behind what was passed over.
    private var window = longestWindow
    private static let (shortestWindow, longestWindow) = (4 << 10, 256 << 10)

    /// Opens a segment by the path of its plain form.
    convenience init(_ path: String, from position: Int64? = nil) throws(RecordingFault) {
        try self.init(JournalFolder.openContent(path), path: path, from: position)
    }

    init(_ content: any SegmentContent, path: String, from position: Int64? = nil) throws(RecordingFault) {
        self.content = content
        let bytes = try content.read(at: 0, count: JournalFormat.headerLength)
        header = try JournalFormat.readHeader(bytes, path: path)
        if let position { self.position = position }
    }

    /// Goes to where another frame begins.
    func seek(to position: Int64) { self.position = max(position, Int64(JournalFormat.headerLength)) }

    /// The next whole frame; nil where there is none (yet): the segment ends, or what stands there is torn or damaged.
    func next(_ chunks: Chunks = .whole) throws(RecordingFault) -> Frame? {
        let head = try bytes(at: position, count: JournalFormat.frameOverhead)
        guard head.count == JournalFormat.frameOverhead else { return nil }
        let length: UInt32 = head.integer(at: 0)
        let checksum: UInt32 = head.integer(at: 4)
        guard length <= JournalFormat.maximumPayload, let kind = JournalFormat.Kind(rawValue: head[8]) else {
            buffer = []
            return nil
        }
        if kind == .chunk, chunks == .heads, length > Self.shortestWindow, let frame = try passOver(Int(length)) {
            return frame
        }
        let payload = try bytes(at: position + Int64(JournalFormat.frameOverhead), count: Int(length))
        guard payload.count == Int(length),
            payload.withUnsafeBytes({ CRC32C.checksum($0, after: kind.rawValue) }) == checksum
        else {
            buffer = []
            return nil
        }
        let frame = Frame(kind: kind, offset: position, payload: payload, length: payload.count)
        position = frame.end
        window = min(2 * window, Self.longestWindow)
        return frame
    }

    /// The head of a chunk that goes on with its channel; nil for any other, and where the segment does not have all of it yet.
    private func passOver(_ length: Int) throws(RecordingFault) -> Frame? {
        let payload = try bytes(
            at: position + Int64(JournalFormat.frameOverhead), count: JournalFormat.longestChunkHead)
        guard let head = ChunkHead(payload), head.offset > 0 else { return nil }
        let frame = Frame(kind: .chunk, offset: position, payload: payload, length: length)
        guard try content.length() >= frame.end else { return nil }
        position = frame.end
        window = Self.shortestWindow
        return frame
    }

    /// How long the segment is now.
    func fileLength() throws(RecordingFault) -> Int64 { try content.length() }

    private func bytes(at offset: Int64, count: Int) throws(RecordingFault) -> [UInt8] {
        if offset < bufferStart || offset + Int64(count) > bufferStart + Int64(buffer.count) {
            buffer = try content.read(at: offset, count: max(count, window))
            bufferStart = offset
        }
        let start = Int(offset - bufferStart)
        return Array(buffer[start..<min(start + count, buffer.count)])
    }
}
