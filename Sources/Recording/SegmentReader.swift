import LocalState
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads one segment's frames in their order. It can follow a segment that is still being written.
final class SegmentReader {
    /// A frame and where it stands.
    struct Frame {
        let kind: JournalFormat.Kind
        /// Where the frame begins in its segment.
        let offset: Int64
        let payload: [UInt8]
        /// Where the next frame begins.
        var end: Int64 { offset + Int64(JournalFormat.frameOverhead + payload.count) }
    }

    let header: SegmentHeader
    private let descriptor: Int32
    private let path: String
    /// Where the next frame begins.
    private(set) var position = Int64(JournalFormat.headerLength)
    private var buffer: [UInt8] = []
    private var bufferStart: Int64 = 0

    init(_ path: String, from position: Int64? = nil) throws(RecordingFault) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(.lastError("read", path)) }
        self.path = path
        do throws(RecordingFault) {
            let bytes = try Self.read(descriptor, path, at: 0, count: JournalFormat.headerLength)
            header = try JournalFormat.readHeader(bytes, path: path)
        } catch {
            closeDescriptor(descriptor)
            throw error
        }
        if let position { self.position = position }
    }

    deinit { close(descriptor) }

    /// The next whole frame; nil where there is none (yet): the segment ends, or what stands there is torn or damaged.
    func next() throws(RecordingFault) -> Frame? {
        let head = try bytes(at: position, count: JournalFormat.frameOverhead)
        guard head.count == JournalFormat.frameOverhead else { return nil }
        let length: UInt32 = head.integer(at: 0)
        let checksum: UInt32 = head.integer(at: 4)
        guard length <= JournalFormat.maximumPayload, let kind = JournalFormat.Kind(rawValue: head[8]) else {
            return nil
        }
        let payload = try bytes(at: position + Int64(JournalFormat.frameOverhead), count: Int(length))
        guard payload.count == Int(length),
            payload.withUnsafeBytes({ CRC32C.checksum($0, after: kind.rawValue) }) == checksum
        else {
            buffer = []
            return nil
        }
        let frame = Frame(kind: kind, offset: position, payload: payload)
        position = frame.end
        return frame
    }

    /// How long the segment is now.
    func fileLength() throws(RecordingFault) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(.lastError("look at", path)) }
        return Int64(status.st_size)
    }

    private func bytes(at offset: Int64, count: Int) throws(RecordingFault) -> [UInt8] {
        if offset < bufferStart || offset + Int64(count) > bufferStart + Int64(buffer.count) {
            buffer = try Self.read(descriptor, path, at: offset, count: max(count, 256 << 10))
            bufferStart = offset
        }
        let start = Int(offset - bufferStart)
        return Array(buffer[start..<min(start + count, buffer.count)])
    }

    /// Reads up to `count` bytes; fewer at the file's end.
    static func read(_ descriptor: Int32, _ path: String, at offset: Int64, count: Int) throws(RecordingFault)
        -> [UInt8]
    {
        var failure: FileFault?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let target = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized...])
                let taken = pread(descriptor, target.baseAddress, target.count, off_t(offset + Int64(initialized)))
                if taken == 0 { return }
                if taken < 0 {
                    if errno == EINTR { continue }
                    failure = .lastError("read", path)
                    return
                }
                initialized += taken
            }
        }
        if let failure { throw .file(failure) }
        return bytes
    }
}

/// `close(2)`, out of reach of a class's own members of that name.
private func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
