import Recording

/// A journal position as one integer, which sorts as positions do: 23 bits of segment, 40 bits of offset.
struct Place: Hashable, Comparable, Sendable {
    let value: Int64

    private static let offsetBits: Int64 = 40

    init(value: Int64) { self.value = value }

    init(_ position: JournalPosition) throws(IndexFault) {
        guard position.segment < 1 << 23, (0..<1 << Self.offsetBits).contains(position.offset) else {
            throw .tooFar(segment: position.segment)
        }
        value = Int64(position.segment) << Self.offsetBits | position.offset
    }

    var position: JournalPosition {
        JournalPosition(
            segment: UInt64(value >> Self.offsetBits), offset: value & (1 << Self.offsetBits - 1))
    }

    static func < (left: Place, right: Place) -> Bool { left.value < right.value }
}
