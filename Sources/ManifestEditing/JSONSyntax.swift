/// The small words of JSON: literals and escapes.
enum JSONSyntax {
    /// A byte of which numbers, `true`, `false` and `null` are made.
    static func isLiteralByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "E"): true
        default: false
        }
    }

    static func isLiteral(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        switch text.first {
        case UInt8(ascii: "t"): text.elementsEqual("true".utf8)
        case UInt8(ascii: "f"): text.elementsEqual("false".utf8)
        case UInt8(ascii: "n"): text.elementsEqual("null".utf8)
        default: isNumber(text)
        }
    }

    private static func isNumber(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var rest = text
        func digits() -> Int {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let leadsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || (whole > 1 && !leadsWithZero) else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// The escape with which a text begins: what it stands for, as UTF-8, and how long it is.
    ///
    /// Half a surrogate pair stands for U+FFFD, as in Go's reader.
    static func escape(in text: Slice<UnsafeBufferPointer<UInt8>>) -> (text: [UInt8], length: Int)? {
        switch text.dropFirst().first {
        case UInt8(ascii: "\""): return ([0x22], 2)
        case UInt8(ascii: "\\"): return ([0x5C], 2)
        case UInt8(ascii: "/"): return ([0x2F], 2)
        case UInt8(ascii: "b"): return ([0x08], 2)
        case UInt8(ascii: "f"): return ([0x0C], 2)
        case UInt8(ascii: "n"): return ([0x0A], 2)
        case UInt8(ascii: "r"): return ([0x0D], 2)
        case UInt8(ascii: "t"): return ([0x09], 2)
        case UInt8(ascii: "u"): break
        default: return nil
        }
        guard let unit = unit(in: text) else { return nil }
        if let scalar = Unicode.Scalar(unit) { return (Array(String(Character(scalar)).utf8), 6) }
        let second = text.dropFirst(6)
        if UTF16.isLeadSurrogate(unit), second.starts(with: #"\u"#.utf8), let low = self.unit(in: second),
            UTF16.isTrailSurrogate(low)
        {
            return (Array(String(decoding: [unit, low], as: UTF16.self).utf8), 12)
        }
        return ([0xEF, 0xBF, 0xBD], 6)
    }

    /// The four digits of `\uXXXX`.
    private static func unit(in text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt16? {
        var unit: UInt16 = 0
        let digits = text.dropFirst(2).prefix(4)
        guard digits.count == 4 else { return nil }
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt16(value)
        }
        return unit
    }
}
