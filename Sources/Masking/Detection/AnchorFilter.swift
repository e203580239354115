/// Finds where one of many short texts may begin, fast enough for every byte that passes: after Wu and Manber, by pairs of
/// bytes, two bytes at a step where nothing is near.
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

    /// For each pair of bytes how far to go on; 0 where the pair ends the first three bytes of an anchor.
    private let shifts: [UInt8]
    /// For each such pair the place of its anchors in `groups`.
    private let groupOfPair: [UInt16]
    /// The anchors whose second and third byte are the same pair.
    private let groups: [[Anchor]]
    /// For each group which bytes its anchors begin with, by their lowest six bits: most places end here.
    private let firstBytes: [UInt64]
    /// The longest anchor.
    let reach: Int

    init(_ list: [Anchor]) {
        var shifts = [UInt8](repeating: 2, count: 65_536)
        var anchors: [UInt16: [Anchor]] = [:]
        for anchor in list where anchor.text.count >= Self.shortestAnchor {
            for head in Self.spellings(Array(anchor.text.prefix(3)), anchor.foldsCase) {
                let first = Self.pair(head[0], head[1])
                let last = Self.pair(head[1], head[2])
                shifts[Int(first)] = min(shifts[Int(first)], 1)
                shifts[Int(last)] = 0
                if anchors[last]?.contains(anchor) != true { anchors[last, default: []].append(anchor) }
            }
        }
        var groupOfPair = [UInt16](repeating: 0, count: 65_536)
        var groups: [[Anchor]] = []
        var firstBytes: [UInt64] = []
        for (pair, group) in anchors {
            groupOfPair[Int(pair)] = UInt16(groups.count)
            groups.append(group)
            firstBytes.append(
                group.reduce(0) { bits, anchor in
                    Self.spellings([anchor.text[0]], anchor.foldsCase).reduce(bits) { $0 | 1 << UInt64($1[0] & 63) }
                })
        }
        self.shifts = shifts
        self.groupOfPair = groupOfPair
        self.groups = groups
        self.firstBytes = firstBytes
        reach = list.map(\.text.count).max() ?? 0
    }

    private static func pair(_ first: UInt8, _ second: UInt8) -> UInt16 { UInt16(first) << 8 | UInt16(second) }

    private static func spellings(_ bytes: [UInt8], _ foldsCase: Bool) -> [[UInt8]] {
        guard foldsCase else { return [bytes] }
        return bytes.reduce([[]]) { heads, byte in
            let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            return heads.flatMap { isLetter ? [$0 + [byte], $0 + [byte & 0xDF]] : [$0 + [byte]] }
        }
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

    /// Goes on for as long as `found` says so.
    @inline(__always)
    private func search(
        _ bytes: UnsafeRawBufferPointer, from start: Int, _ found: (_ place: Int, _ detector: Int) -> Bool
    ) {
        shifts.withUnsafeBufferPointer { shifts in
            groupOfPair.withUnsafeBufferPointer { groupOfPair in
                firstBytes.withUnsafeBufferPointer { firstBytes in
                    var place = start + 2
                    while place < bytes.count {
                        let pair = Int(bytes[place - 1]) << 8 | Int(bytes[place])
                        let shift = Int(shifts[pair])
                        if shift != 0 {
                            place += shift
                            continue
                        }
                        let group = Int(groupOfPair[pair])
                        if firstBytes[group] >> UInt64(bytes[place - 2] & 63) & 1 != 0 {
                            for anchor in groups[group] where Self.stands(anchor, in: bytes, at: place - 2) {
                                guard found(place - 2, anchor.detector) else { return }
                            }
                        }
                        place += 1
                    }
                }
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
