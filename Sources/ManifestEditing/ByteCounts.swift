// Counts over bytes, written so that the compiler turns them into vector code.

extension UnsafeBufferPointer<UInt8> {
    /// How many lines end in it.
    var lineFeeds: Int { reduce(into: 0) { count, byte in count &+= byte == 0x0A ? 1 : 0 } }

    /// How many code points begin in it.
    var codePoints: Int { reduce(into: 0) { count, byte in count &+= byte & 0xC0 == 0x80 ? 0 : 1 } }

    /// True where each byte is a code point.
    var isASCII: Bool { reduce(into: UInt8(0)) { bits, byte in bits |= byte } < 0x80 }
}

extension Array<UInt8> {
    var lineFeeds: Int { withUnsafeBufferPointer { $0.lineFeeds } }

    var codePoints: Int { withUnsafeBufferPointer { $0.codePoints } }
}

extension ArraySlice<UInt8> {
    var lineFeeds: Int { withUnsafeBufferPointer { $0.lineFeeds } }
}
