/// Tells by a name's last bytes whether it may tell: most names do not, and are passed over by two look-ups.
struct NameFilter: Sendable {
    private static let slotBits: UInt32 = 20
    /// What may stand before a word in a name: no letter, so that the last four bytes of a word's spelling are known.
    private static let separators = (UInt8(0x00)...0xFF).filter { !$0.isLetter }

    /// A bit for each slot that has the last four bytes of a word, or its last three and what may stand before or in them.
    private let endings: [UInt64]
    /// A bit for each two last bytes by which a name may tell: a word of two letters, a counter, or no letter at all.
    private let pairs: [UInt64]

    /// No name tells.
    static let none = NameFilter([], counters: false)

    init(_ words: [[UInt8]], counters: Bool = true) {
        var endings = [UInt64](repeating: 0, count: 1 << Int(Self.slotBits) / 64)
        var pairs = [UInt64](repeating: 0, count: (1 << 16) / 64)
        func add(_ bytes: [UInt8]) {
            let slot = Self.slot(bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
            endings[slot >> 6] |= 1 << UInt64(slot & 63)
        }
        func addPair(_ first: UInt8, _ last: UInt8) {
            let slot = Int(first) | Int(last) << 8
            pairs[slot >> 6] |= 1 << UInt64(slot & 63)
        }
        for word in words {
            let last = Array(word.suffix(3))
            if word.count == 2 {
                for first in [word[0], word[0] & 0xDF] {
                    for second in [word[1], word[1] & 0xDF] { addPair(first, second) }
                }
                continue
            }
            for byte in word.count == 3 ? Array(0...UInt8.max) : Self.separators + [word[word.count - 4]] {
                add([byte] + last)
            }
            for separator in Self.separators {
                add([last[0], separator, last[1], last[2]])
                add([last[0], last[1], separator, last[2]])
            }
        }
        for last in UInt8.min...UInt8.max where !last.isLetter && last != UInt8(ascii: "}") && counters {
            for first in UInt8.min...UInt8.max { addPair(first, last) }
        }
        self.endings = endings
        self.pairs = pairs
    }

    /// The slot of four bytes, whatever the case of their letters.
    @inline(__always)
    private static func slot(_ ending: UInt32) -> Int {
        Int(truncatingIfNeeded: ((UInt32(littleEndian: ending) | 0x2020_2020) &* 0x9E37_79B1) &>> (32 &- slotBits))
    }

    @inline(__always)
    func mayTell(_ name: UnsafeRawBufferPointer) -> Bool {
        let count = name.count
        guard count >= 2 else { return false }
        let pair = Int(UInt16(littleEndian: name.loadUnaligned(fromByteOffset: count &- 2, as: UInt16.self)))
        if pairs[pair &>> 6] &>> UInt64(truncatingIfNeeded: pair & 63) & 1 != 0 { return true }
        guard count >= 3 else { return false }
        let ending =
            count >= 4
            ? name.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            : UInt32(name[0]) << 8 | UInt32(name[1]) << 16 | UInt32(name[2]) << 24
        let slot = Self.slot(ending)
        return endings[slot &>> 6] &>> UInt64(truncatingIfNeeded: slot & 63) & 1 != 0
    }
}
