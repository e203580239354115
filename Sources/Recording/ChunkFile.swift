/// A segment opened for reading pieces of it, sealed or not.
final class ChunkFile: Sendable {
    private let content: any SegmentContent

    /// Opens a segment by the path of its plain form.
    init(_ path: String) throws(RecordingFault) { content = try JournalFolder.openContent(path) }

    func read(at offset: Int64, count: Int) throws(RecordingFault) -> [UInt8] {
        try content.read(at: offset, count: count)
    }
}
