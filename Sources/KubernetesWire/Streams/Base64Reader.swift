/// Decodes padded base64 (RFC 4648 §4) that arrives in pieces, as Go's `base64.StdEncoding` does: line breaks are passed over.
struct Base64Reader: Sendable {
    private var bits: UInt32 = 0
    /// How many characters of the group of four are there, padding included.
    private var count = 0
    private var padding = 0
    /// A group with padding is the last one.
    private var isOver = false

    /// The characters of the group that is not whole.
    private var held: [UInt8] {
        (0..<count).map { index in
            index >= count - padding
                ? UInt8(ascii: "=") : Self.letter(bits >> UInt32((count - padding - 1 - index) * 6) & 63)
        }
    }

    /// Decodes what can be.
    ///
    /// - Returns: the bytes, and the text from the group on that is no base64; nil where all of it is.
    mutating func decode(_ text: ArraySlice<UInt8>) -> (bytes: [UInt8], wrong: [UInt8]?) {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count / 4 * 3 + 3)
        for index in text.indices {
            let character = text[index]
            if character == UInt8(ascii: "\n") || character == UInt8(ascii: "\r") { continue }
            guard take(character) else { return (decoded, held + text[index...]) }
            if count == 4 { endGroup(into: &decoded) }
        }
        return (decoded, nil)
    }

    /// Ends the text.
    ///
    /// - Returns: the characters of a group that was cut; nil where there are none.
    mutating func end() -> [UInt8]? {
        let rest = held
        self = Base64Reader()
        return rest.isEmpty ? nil : rest
    }

    private mutating func take(_ character: UInt8) -> Bool {
        if isOver { return false }
        if character == UInt8(ascii: "=") {
            guard count >= 2 else { return false }
            padding += 1
        } else {
            guard padding == 0, let value = Self.value(character) else { return false }
            bits = bits << 6 | value
        }
        count += 1
        return true
    }

    private mutating func endGroup(into decoded: inout [UInt8]) {
        let group = bits << UInt32(padding * 6)
        for place in 0..<3 - padding { decoded.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - place * 8))) }
        isOver = padding > 0
        (bits, count, padding) = (0, 0, 0)
    }

    private static func value(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private static func letter(_ value: UInt32) -> UInt8 {
        switch value {
        case 0..<26: UInt8(value + 65)
        case 26..<52: UInt8(value + 71)
        case 52..<62: UInt8(value - 4)
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }
}
