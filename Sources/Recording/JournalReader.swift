import LocalState

/// Reads the journal's frames in the order in which they were written, from any position on: through rotation and
/// sealing, and up to the last whole frame of a segment that is still being written. To be used by one thread at a time.
///
/// After a failed sync the frames of that moment stand a second time at the beginning of the next segment (the first ones
/// are cut off, but a reader may have seen them): who keeps what it reads takes the ids of exchanges and the offsets of
/// chunks for what they are, names of things that it may know already.
public struct JournalReader {
    private let folder: JournalFolder
    /// Where the next frame is looked for.
    public private(set) var position: JournalPosition
    private var reader: SegmentReader?

    /// Reads nothing yet; the folder may be empty.
    public init(folder: String, from position: JournalPosition = .start) {
        self.init(folder: JournalFolder(path: folder), from: position)
    }

    init(folder: JournalFolder, from position: JournalPosition = .start) {
        self.folder = folder
        self.position = position
    }

    /// Goes to another position, which must be where a frame begins, or the beginning or the end of a segment.
    public mutating func seek(to position: JournalPosition) {
        if position.segment != self.position.segment { reader = nil }
        reader?.seek(to: position.offset)
        self.position = position
    }

    /// The next whole frame; nil where there is none yet. Asked again, it goes on from there.
    public mutating func next() throws(RecordingFault) -> JournalFrame? { try next(.whole) }

    /// The same for who wants to know which bytes passed and not what they are: of long chunks that go on with their channel
    /// only the heads are read, and their checksums are not looked at.
    public mutating func nextOutline() throws(RecordingFault) -> JournalFrame? { try next(.heads) }

    private mutating func next(_ chunks: SegmentReader.Chunks) throws(RecordingFault) -> JournalFrame? {
        guard let frame = try nextInSegment(chunks) else { return nil }
        return JournalFrame(
            kind: frame.kind, position: JournalPosition(segment: position.segment, offset: frame.offset),
            payload: frame.payload, length: frame.length)
    }

    /// The same as the segment's reader tells it; `position` names the segment.
    mutating func nextInSegment(
        _ chunks: SegmentReader.Chunks = .whole
    ) throws(RecordingFault) -> SegmentReader.Frame? {
        while true {
            if let frame = try nextOfThisSegment(chunks) { return frame }
            guard let successor = try folder.segment(after: position.segment) else { return nil }
            // What stands in a segment is complete once there is a later one, and was perhaps not a moment ago.
            if let frame = try nextOfThisSegment(chunks) { return frame }
            reader = nil
            position = JournalPosition(segment: successor, offset: 0)
        }
    }

    private mutating func nextOfThisSegment(
        _ chunks: SegmentReader.Chunks
    ) throws(RecordingFault) -> SegmentReader.Frame? {
        if reader == nil { reader = try openSegment() }
        guard let frame = try reader?.next(chunks) else { return nil }
        position = JournalPosition(segment: position.segment, offset: frame.end)
        return frame
    }

    /// Nil for a segment that is gone, and for one whose header is not, or never was, whole on disk.
    private func openSegment() throws(RecordingFault) -> SegmentReader? {
        let path = folder.segment(position.segment)
        do throws(RecordingFault) {
            return try SegmentReader(path, from: max(position.offset, Int64(JournalFormat.headerLength)))
        } catch {
            switch error {
            case .file(let fault) where fault.isMissing: return nil
            case .notAJournal where try folder.isUnfinished(position.segment): return nil
            default: throw error
            }
        }
    }
}
