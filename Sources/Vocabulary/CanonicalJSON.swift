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

    /// Writes an integer. Beyond ±2^53 other readers lose digits; such numbers belong into a string.
    public mutating func integer(_ value: some BinaryInteger) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
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

    public mutating func member(_ name: String, _ value: some BinaryInteger) {
        self.name(name)
        integer(value)
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

    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            guard utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
                bytes.append(contentsOf: utf8)
                return
            }
            for byte in utf8 { escaped(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
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
