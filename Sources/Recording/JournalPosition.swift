/// A place in the journal: a segment and an offset in it. It stays valid when the segment is sealed, because offsets are
/// always those of the segment's bytes as they were written.
public struct JournalPosition: Hashable, Comparable, Sendable {
    public let segment: UInt64
    public let offset: Int64

    public init(segment: UInt64, offset: Int64) {
        self.segment = segment
        self.offset = offset
    }

    /// Before everything that a journal can hold.
    public static let start = JournalPosition(segment: 0, offset: 0)

    public static func < (left: JournalPosition, right: JournalPosition) -> Bool {
        (left.segment, left.offset) < (right.segment, right.offset)
    }
}

/// A frame and where it stands.
public struct JournalFrame: Sendable {
    public let kind: JournalFormat.Kind
    public let position: JournalPosition
    /// As `JournalFormat` describes it for the kind.
    public let payload: [UInt8]
    /// Bytes of the payload; of an outline's chunk only the first of them are in `payload`.
    public let length: Int

    /// Where the frame behind it begins, if there is one in the same segment: where a reader goes on.
    public var end: JournalPosition {
        JournalPosition(
            segment: position.segment, offset: position.offset + Int64(JournalFormat.frameOverhead + length))
    }
}
