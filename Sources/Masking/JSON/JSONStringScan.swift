/// Finds the end of a JSON string, eight bytes at a step.
enum JSONStringScan {
    enum Result {
        /// The closing quote's place.
        case closed(Int)
        /// The bytes end first; go on from here when there are more.
        case open(Int)
        /// A byte that cannot stand in a string.
        case fault(Int)
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Goes on from a place within the string, not between a backslash and what it escapes. `hasEscape` is set where a
    /// backslash is met.
    @inline(__always)
    static func end(in bytes: UnsafeRawBufferPointer, from start: Int, hasEscape: inout Bool) -> Result {
        let count = bytes.count
        guard let base = bytes.baseAddress else { return .open(start) }
        var place = start
        while true {
            while place + 8 <= count {
                let word = base.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                let quotes = word ^ (ones &* 0x22)
                let slashes = word ^ (ones &* 0x5C)
                let controls = (word &- ones &* 0x20) & ~word
                let hits = (((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes) | controls) & highs
                if hits != 0 {
                    place += hits.trailingZeroBitCount >> 3
                    break
                }
                place += 8
            }
            while place < count {
                let byte = base.load(fromByteOffset: place, as: UInt8.self)
                if byte == 0x22 { return .closed(place) }
                if byte == 0x5C { break }
                if byte < 0x20 { return .fault(place) }
                place += 1
                if place & 7 == 0 { break }
            }
            if place >= count { return .open(count) }
            if base.load(fromByteOffset: place, as: UInt8.self) == 0x5C {
                hasEscape = true
                guard place + 1 < count else { return .open(place) }
                place += 2
            }
        }
    }
}
