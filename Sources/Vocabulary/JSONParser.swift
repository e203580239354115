/// What is wrong with a JSON text, and at which byte of it.
public struct JSONFault: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        case unexpectedEnd
        case unexpectedByte(UInt8)
        case invalidEscape
        case invalidUTF8
        case invalidNumber
        case controlCharacter
        case tooDeep
        case trailingBytes
    }

    public let reason: Reason
    /// Bytes from the start of the text.
    public let offset: Int
}

extension JSON {
    /// How deep arrays and objects may nest. The API server's own limit is 10,000; nothing real comes near this one.
    public static let maximumDepth = 512

    /// Reads one JSON text and nothing after it but white space.
    ///
    /// - Throws: `JSONFault` with the place of the first fault.
    public init(parsing bytes: some Sequence<UInt8>) throws(JSONFault) {
        var parser = JSONParser(bytes: Array(bytes))
        self = try parser.wholeText()
    }

    /// Reads one JSON text from a string. See `init(parsing:)`.
    public init(parsing text: String) throws(JSONFault) {
        try self.init(parsing: text.utf8)
    }
}

/// A recursive-descent reader of RFC 8259, over bytes held in memory.
private struct JSONParser {
    let bytes: [UInt8]
    var position = 0
    var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func wholeText() throws(JSONFault) -> JSON {
        let value = try value()
        skipWhiteSpace()
        guard position == bytes.count else { throw fault(.trailingBytes) }
        return value
    }

    private func fault(_ reason: JSONFault.Reason) -> JSONFault { JSONFault(reason: reason, offset: position) }

    private mutating func skipWhiteSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func peek() throws(JSONFault) -> UInt8 {
        guard position < bytes.count else { throw fault(.unexpectedEnd) }
        return bytes[position]
    }

    private mutating func value() throws(JSONFault) -> JSON {
        skipWhiteSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case let other: throw fault(.unexpectedByte(other))
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONFault) -> JSON {
        for index in 0..<word.utf8CodeUnitCount {
            guard try peek() == word.utf8Start[index] else { throw fault(.unexpectedByte(bytes[position])) }
            position += 1
        }
        return value
    }

    private mutating func expect(_ byte: UInt8) throws(JSONFault) {
        skipWhiteSpace()
        let found = try peek()
        guard found == byte else { throw fault(.unexpectedByte(found)) }
        position += 1
    }

    private mutating func enter() throws(JSONFault) {
        depth += 1
        guard depth <= JSON.maximumDepth else { throw fault(.tooDeep) }
        position += 1
        skipWhiteSpace()
    }

    private mutating func object() throws(JSONFault) -> JSON {
        try enter()
        defer { depth -= 1 }
        var members: [JSON.Member] = []
        if try peek() == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            skipWhiteSpace()
            guard try peek() == UInt8(ascii: "\"") else { throw fault(.unexpectedByte(bytes[position])) }
            let name = try string()
            try expect(UInt8(ascii: ":"))
            members.append(JSON.Member(name, try value()))
            if try endsOrContinues(UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array() throws(JSONFault) -> JSON {
        try enter()
        defer { depth -= 1 }
        var elements: [JSON] = []
        if try peek() == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value())
            if try endsOrContinues(UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func endsOrContinues(_ end: UInt8) throws(JSONFault) -> Bool {
        skipWhiteSpace()
        switch try peek() {
        case end:
            position += 1
            return true
        case UInt8(ascii: ","):
            position += 1
            return false
        case let other: throw fault(.unexpectedByte(other))
        }
    }

    private mutating func number() throws(JSONFault) -> JSON {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let integerStart = position
        guard digits() > 0 else { throw fault(.invalidNumber) }
        if bytes[integerStart] == UInt8(ascii: "0"), position > integerStart + 1 { throw fault(.invalidNumber) }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { throw fault(.invalidNumber) }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard digits() > 0 else { throw fault(.invalidNumber) }
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        return position - start
    }

    private mutating func string() throws(JSONFault) -> String {
        position += 1
        let start = position
        while true {
            switch try peek() {
            case UInt8(ascii: "\""):
                let text = try utf8(bytes[start..<position])
                position += 1
                return text
            case UInt8(ascii: "\\"): return try stringWithEscapes(from: start)
            case 0..<0x20: throw fault(.controlCharacter)
            default: position += 1
            }
        }
    }

    private mutating func stringWithEscapes(from start: Int) throws(JSONFault) -> String {
        var text = Array(bytes[start..<position])
        while true {
            let byte = try peek()
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try utf8(text[...])
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw fault(.controlCharacter)
            default: text.append(byte)
            }
        }
    }

    private func utf8(_ slice: ArraySlice<UInt8>) throws(JSONFault) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw fault(.invalidUTF8) }
        return text
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
        let byte = try peek()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: Array(String(try escapedScalar()).utf8))
        default: throw fault(.invalidEscape)
        }
    }

    /// A `\u` escape, joined with the one after it where the two are a surrogate pair. A lone surrogate, which has no
    /// UTF-8, reads as U+FFFD.
    private mutating func escapedScalar() throws(JSONFault) -> Unicode.Scalar {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let next = position
        if unit < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            let low = try codeUnit()
            if (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (UInt32(unit - 0xD800) << 10) + UInt32(low - 0xDC00))
            {
                return scalar
            }
            position = next
        }
        return "\u{FFFD}"
    }

    private mutating func codeUnit() throws(JSONFault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = HexDigits.value(of: try peek()) else { throw fault(.invalidEscape) }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
