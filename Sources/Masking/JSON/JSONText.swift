import Vocabulary

/// The text of a JSON string, and where each of its bytes stands in the string as it is spelled.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    /// For each byte, and for the end, its place in the spelled string.
    private(set) var places: [Int] = []

    /// Reads what stands between a string's quotes; nil where an escape is none. A lone surrogate reads as U+FFFD.
    init?(spelled: UnsafeRawBufferPointer) {
        bytes.reserveCapacity(spelled.count)
        places.reserveCapacity(spelled.count + 1)
        var place = 0
        while place < spelled.count {
            let start = place
            let byte = spelled[place]
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                append(byte, start)
                continue
            }
            guard place < spelled.count else { return nil }
            let escape = spelled[place]
            place += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): append(escape, start)
            case UInt8(ascii: "b"): append(0x08, start)
            case UInt8(ascii: "f"): append(0x0C, start)
            case UInt8(ascii: "n"): append(0x0A, start)
            case UInt8(ascii: "r"): append(0x0D, start)
            case UInt8(ascii: "t"): append(0x09, start)
            case UInt8(ascii: "u"):
                guard let scalar = Self.scalar(spelled, &place) else { return nil }
                for byte in String(scalar).utf8 { append(byte, start) }
            default: return nil
            }
        }
        places.append(place)
    }

    /// The text alone; nil where an escape is none.
    static func bytes(spelled: UnsafeRawBufferPointer) -> [UInt8]? {
        var isSimple = true
        let bytes = [UInt8](unsafeUninitializedCapacity: spelled.count) { output, count in
            var place = 0
            while place < spelled.count {
                if spelled[place] == UInt8(ascii: "\\") {
                    place += 1
                    guard place < spelled.count, "\"\\".utf8.contains(spelled[place]) else { return isSimple = false }
                }
                output[count] = spelled[place]
                count += 1
                place += 1
            }
        }
        return isSimple ? bytes : JSONText(spelled: spelled)?.bytes
    }

    private mutating func append(_ byte: UInt8, _ place: Int) {
        bytes.append(byte)
        places.append(place)
    }

    private static func scalar(_ spelled: UnsafeRawBufferPointer, _ place: inout Int) -> Unicode.Scalar? {
        guard let unit = codeUnit(spelled, &place) else { return nil }
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let next = place
        guard unit < 0xDC00, place + 1 < spelled.count, spelled[place] == UInt8(ascii: "\\"),
            spelled[place + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        place += 2
        guard let low = codeUnit(spelled, &place) else { return nil }
        if (0xDC00...0xDFFF).contains(low) {
            return Unicode.Scalar(0x10000 + (UInt32(unit - 0xD800) << 10) + UInt32(low - 0xDC00))
        }
        place = next
        return "\u{FFFD}"
    }

    private static func codeUnit(_ spelled: UnsafeRawBufferPointer, _ place: inout Int) -> UInt16? {
        guard place + 4 <= spelled.count else { return nil }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = HexDigits.value(of: spelled[place]) else { return nil }
            unit = unit << 4 | UInt16(digit)
            place += 1
        }
        return unit
    }

    /// The places, in the spelled string, of a range of the text.
    func spelled(_ range: Range<Int>) -> Range<Int> { places[range.lowerBound]..<places[range.upperBound] }
}
