import CByteMarks

/// Finds where one of many short texts stands, fast enough for every byte that passes: places where one may begin are marked
/// for many bytes at a step, and only those are looked at.
struct AnchorFilter: Sendable {
    /// A text of three bytes or more by which a detector recognises its place.
    struct Anchor: Hashable, Sendable {
        let text: [UInt8]
        /// True where letters of either case are meant; the text is in lower case then.
        let foldsCase: Bool
        /// The detector, by its position.
        let detector: Int
    }

    static let shortestAnchor = 3
    /// Bytes that are marked at a time, while they and their marks are near.
    private static let page = 4_096

    /// The anchors' heads, as `byline_mark_heads` takes them.
    private let halves: [UInt8]
    private let slots: [UInt8]
    /// For each slot the place of its anchors in `groups`.
    private let groupOfSlot: [UInt16]
    private let groups: [[Anchor]]
    /// The longest anchor.
    let reach: Int

    init(_ list: [Anchor]) {
        var slots = [UInt8](repeating: 0, count: Int(BYLINE_HEAD_SLOTS) / 8)
        var groupOfSlot = [UInt16](repeating: 0, count: Int(BYLINE_HEAD_SLOTS))
        var groups: [[Anchor]] = []
        for anchor in list where anchor.text.count >= Self.shortestAnchor {
            let slot = Self.slot(anchor.text[0], anchor.text[1], anchor.text[2])
            if slots[slot >> 3] >> (slot & 7) & 1 == 0 {
                slots[slot >> 3] |= 1 << (slot & 7)
                groupOfSlot[slot] = UInt16(groups.count)
                groups.append([])
            }
            groups[Int(groupOfSlot[slot])].append(anchor)
        }
        halves = HeadBuckets(groups.joined()).halves
        self.slots = slots
        self.groupOfSlot = groupOfSlot
        self.groups = groups
        reach = list.map(\.text.count).max() ?? 0
    }

    private static func slot(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        Int(byline_head_slot(first, second, third))
    }

    /// Calls `found` with each place from `start` on where an anchor stands whole, in their order.
    func forEachMatch(
        in bytes: UnsafeRawBufferPointer, from start: Int, _ found: (_ place: Int, _ detector: Int) -> Void
    ) {
        search(bytes, from: start) { place, detector in
            found(place, detector)
            return true
        }
    }

    /// True where an anchor stands in a text.
    func finds(in bytes: UnsafeRawBufferPointer) -> Bool {
        var isFound = false
        search(bytes, from: 0) { _, _ in
            isFound = true
            return false
        }
        return isFound
    }

    /// True where an anchor stands at a place that `mark` marked.
    func stands(in bytes: UnsafeRawBufferPointer, at place: Int) -> Bool {
        anchors(bytes, at: place).contains { Self.stands($0, in: bytes, at: place) }
    }

    /// Marks where an anchor may begin: bit 0 of the first word for the first byte.
    func mark(_ bytes: UnsafeRawBufferPointer, _ marks: UnsafeMutablePointer<UInt64>?) {
        byline_mark_heads(bytes.baseAddress, bytes.count, halves, slots, marks)
    }

    private func anchors(_ bytes: UnsafeRawBufferPointer, at place: Int) -> [Anchor] {
        groups[Int(groupOfSlot[Self.slot(bytes[place], bytes[place + 1], bytes[place + 2])])]
    }

    /// Goes on for as long as `found` says so.
    @inline(__always)
    private func search(
        _ bytes: UnsafeRawBufferPointer, from start: Int, _ found: (_ place: Int, _ detector: Int) -> Bool
    ) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.page / 64 + 1) { marks in
            var page = start
            while page + Self.shortestAnchor <= bytes.count {
                // No anchor begins in the last two bytes: they are the next page's first.
                let end = min(page + Self.page + Self.shortestAnchor - 1, bytes.count)
                mark(UnsafeRawBufferPointer(rebasing: bytes[page..<end]), marks.baseAddress)
                for word in 0..<(end - page + 63) / 64 {
                    var left = marks[word]
                    while left != 0 {
                        let place = page + word * 64 + left.trailingZeroBitCount
                        left &= left - 1
                        for anchor in anchors(bytes, at: place) where Self.stands(anchor, in: bytes, at: place) {
                            guard found(place, anchor.detector) else { return }
                        }
                    }
                }
                page += Self.page
            }
        }
    }

    private static func stands(_ anchor: Anchor, in bytes: UnsafeRawBufferPointer, at place: Int) -> Bool {
        guard place + anchor.text.count <= bytes.count else { return false }
        for (index, byte) in anchor.text.enumerated() {
            let found = bytes[place + index]
            let folded = anchor.foldsCase && (0x41...0x5A).contains(found) ? found | 0x20 : found
            guard folded == byte else { return false }
        }
        return true
    }
}

/// Puts anchors into eight buckets so that their heads, taken by halves of bytes, are told from others as well as eight
/// buckets allow.
private struct HeadBuckets {
    /// Which low and which high halves the bytes at one place have: a bit for each of 16.
    private struct Halves {
        var low: UInt16 = 0
        var high: UInt16 = 0

        /// How many bytes are made of them.
        var count: Int { low.nonzeroBitCount * high.nonzeroBitCount }

        func union(_ other: Halves) -> Halves { Halves(low: low | other.low, high: high | other.high) }
    }

    private var buckets = [[Halves]](
        repeating: [Halves](repeating: Halves(), count: AnchorFilter.shortestAnchor), count: 8)

    init(_ anchors: some Sequence<AnchorFilter.Anchor>) {
        for anchor in anchors.sorted(by: { $0.text.lexicographicallyPrecedes($1.text) }) {
            let head = Self.head(anchor)
            // Where it makes the fewest heads that are nobody's.
            let grown = buckets.map { zip($0, head).map { $0.union($1) } }
            let growth = zip(grown, buckets).map { Self.count($0) - Self.count($1) }
            guard let best = growth.indices.min(by: { growth[$0] < growth[$1] }) else { continue }
            buckets[best] = grown[best]
        }
    }

    private static func count(_ head: [Halves]) -> Int { head.reduce(1) { $0 * $1.count } }

    private static func head(_ anchor: AnchorFilter.Anchor) -> [Halves] {
        anchor.text.prefix(AnchorFilter.shortestAnchor).map { byte in
            let isFolded = anchor.foldsCase && (0x61...0x7A).contains(byte)
            return Halves(low: 1 << (byte & 15), high: 1 << (byte >> 4) | (isFolded ? 1 << ((byte & 0xDF) >> 4) : 0))
        }
    }

    /// The six tables of `byline_mark_heads`.
    var halves: [UInt8] {
        var tables = [UInt8](repeating: 0, count: AnchorFilter.shortestAnchor * 32)
        for (bucket, head) in buckets.enumerated() {
            for (place, halves) in head.enumerated() {
                for value in 0..<16 {
                    tables[place * 32 + value] |= UInt8(halves.low >> value & 1) << bucket
                    tables[place * 32 + 16 + value] |= UInt8(halves.high >> value & 1) << bucket
                }
            }
        }
        return tables
    }
}
