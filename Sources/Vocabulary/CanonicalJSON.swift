/// Writes canonical JSON (RFC 8785) straight into bytes: no white space, names in the order of their UTF-16 code units,
/// the shortest escapes, numbers as ECMAScript prints them.
///
/// The caller names members in canonical order; a debug build stops where it does not. That spares the record, which is
/// written for every exchange, the building and sorting of a tree.
public struct CanonicalJSON: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false
    #if DEBUG
        private var lastNames: [String?] = []
    #endif

    public init(reserving capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Writes `{…}` behind what stands in `bytes`, without a buffer of its own.
    public static func appendObject(to bytes: inout [UInt8], _ body: (inout CanonicalJSON) -> Void) {
        var json = CanonicalJSON()
        swap(&json.bytes, &bytes)
        json.object(body)
        swap(&json.bytes, &bytes)
    }

    /// Writes `{…}`, with the members that `body` writes.
    public mutating func object(_ body: (inout CanonicalJSON) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        #if DEBUG
            lastNames.append(nil)
        #endif
        body(&self)
        #if DEBUG
            lastNames.removeLast()
        #endif
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    /// Writes `[…]`, with the elements that `body` writes.
    public mutating func array(_ body: (inout CanonicalJSON) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// Writes a member's name; its value must follow.
    public mutating func name(_ name: String) {
        #if DEBUG
            if let last = lastNames[lastNames.count - 1] {
                assert(last.utf16.lexicographicallyPrecedes(name.utf16), "\(name) is written after \(last)")
            }
            lastNames[lastNames.count - 1] = name
        #endif
        separate()
        quoted(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a string.
    public mutating func string(_ value: String) {
        separate()
        quoted(value)
        needsComma = true
    }

    /// Writes a list of strings.
    public mutating func strings(_ values: [String]) {
        array { json in
            for value in values { json.string(value) }
        }
    }

    /// Writes an integer. Beyond ±2^53 other readers lose digits; such numbers belong into a string.
    public mutating func integer(_ value: Int) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        DecimalDigits.append(UInt64(value.magnitude), to: &bytes)
        needsComma = true
    }

    public mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
        needsComma = true
    }

    /// Writes any value, its members sorted, a repeated name's last value only.
    public mutating func value(_ value: JSON) {
        switch value {
        case .null:
            separate()
            bytes.append(contentsOf: "null".utf8)
            needsComma = true
        case .bool(let bool): self.bool(bool)
        case .number(let literal):
            separate()
            bytes.append(contentsOf: ECMAScriptNumber.spelling(of: literal).utf8)
            needsComma = true
        case .string(let string): self.string(string)
        case .array(let elements): array { writer in for element in elements { writer.value(element) } }
        case .object(let members): object { writer in writer.sorted(members) }
        }
    }

    public mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    public mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        integer(value)
    }

    /// Writes a count. Beyond 2^53 other readers lose digits.
    public mutating func member(_ name: String, _ value: UInt64) {
        self.name(name)
        separate()
        DecimalDigits.append(value, to: &bytes)
        needsComma = true
    }

    /// Writes a moment, RFC 3339 with microseconds.
    public mutating func member(_ name: String, _ value: Timestamp) {
        self.name(name)
        ascii { value.append(to: &$0, fractionDigits: 6) }
    }

    public mutating func member(_ name: String, _ value: ExchangeID) {
        self.name(name)
        ascii { value.append(to: &$0) }
    }

    /// Writes bytes as lower-case hexadecimal, where there are any.
    public mutating func member(_ name: String, hexadecimal value: [UInt8]) {
        guard !value.isEmpty else { return }
        self.name(name)
        ascii { HexDigits.append(value, to: &$0) }
    }

    public mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    /// Writes the member only where there is a value.
    public mutating func member(_ name: String, ifPresent value: String?) {
        guard let value, !value.isEmpty else { return }
        member(name, value)
    }

    private mutating func sorted(_ members: [JSON.Member]) {
        var last: [String: JSON] = [:]
        for member in members { last[member.name] = member.value }
        for (name, value) in last.sorted(by: { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }) {
            self.name(name)
            self.value(value)
        }
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    /// Writes a string of characters that need no escape.
    private mutating func ascii(_ body: (inout [UInt8]) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        body(&bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    private mutating func quoted(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            bytes.append(UInt8(ascii: "\""))
            if Self.needsEscape(utf8) {
                for byte in utf8 { escaped(byte) }
            } else {
                bytes.append(contentsOf: utf8)
            }
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// True where a byte is below 0x20, a quotation mark or a backslash; eight bytes a step.
    private static func needsEscape(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
        let (ones, highBits): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let bytes = UnsafeRawBufferPointer(utf8)
        var offset = 0
        while offset + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            // The high bit of a byte of x − 1·n, where x has none, tells that some byte of x is below n.
            let (quotes, backslashes) = (word ^ ones &* 0x22, word ^ ones &* 0x5C)
            let found =
                (word &- ones &* 0x20) & ~word | (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes
            if found & highBits != 0 { return true }
            offset += 8
        }
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return true }
            offset += 1
        }
        return false
    }

    private mutating func escaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
        case 0x08: bytes.append(contentsOf: #"\b"#.utf8)
        case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
        case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
        case 0x0C: bytes.append(contentsOf: #"\f"#.utf8)
        case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
        case 0..<0x20:
            bytes.append(contentsOf: #"\u00"#.utf8)
            bytes.append(HexDigits.lower(byte >> 4))
            bytes.append(HexDigits.lower(byte & 15))
        default: bytes.append(byte)
        }
    }
}

extension JSON {
    /// The value as canonical JSON (RFC 8785), UTF-8.
    public var canonicalBytes: [UInt8] {
        var writer = CanonicalJSON()
        writer.value(self)
        return writer.bytes
    }

    /// The value as canonical JSON (RFC 8785).
    public var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }
}
