import Vocabulary

/// Reads JSON with comments and trailing commas, noting where each value stands.
struct SettingsReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The one value of the text; nil where it is no JSON.
    mutating func whole() -> SettingsText.Node? {
        guard let node = value(), skipBlanks(), position == bytes.count else { return nil }
        return node
    }

    private mutating func value() -> SettingsText.Node? {
        guard skipBlanks(), position < bytes.count, depth < JSON.maximumDepth else { return nil }
        depth += 1
        defer { depth -= 1 }
        switch bytes[position] {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "\""): return string().map { .string($0.text, $0.range) }
        default: return scalar()
        }
    }

    private mutating func object() -> SettingsText.Node? {
        let start = position
        var members: [SettingsText.Member] = []
        position += 1
        while skipBlanks(), position < bytes.count {
            if take("}") { return .object(members, start..<position) }
            guard let name = string(), skipBlanks(), take(":"), let value = value() else { return nil }
            members.append(.init(name: name.text, value: value, range: name.range.lowerBound..<value.range.upperBound))
            guard skipBlanks(), take(",") || peek("}") else { return nil }
        }
        return nil
    }

    private mutating func array() -> SettingsText.Node? {
        let start = position
        var elements: [SettingsText.Node] = []
        position += 1
        while skipBlanks(), position < bytes.count {
            if take("]") { return .array(elements, start..<position) }
            guard let element = value() else { return nil }
            elements.append(element)
            guard skipBlanks(), take(",") || peek("]") else { return nil }
        }
        return nil
    }

    private mutating func string() -> (text: String, range: Range<Int>)? {
        let start = position
        guard take("\"") else { return nil }
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard position < bytes.count else { return nil }
        position += 1
        guard let text = (try? JSON(parsing: bytes[start..<position]))?.string else { return nil }
        return (text, start..<position)
    }

    private mutating func scalar() -> SettingsText.Node? {
        let start = position
        let ends = Set(",]}/ \t\r\n".utf8)
        while position < bytes.count, !ends.contains(bytes[position]) { position += 1 }
        guard (try? JSON(parsing: bytes[start..<position])) != nil else { return nil }
        return .other(start..<position)
    }

    private func peek(_ character: Unicode.Scalar) -> Bool {
        position < bytes.count && bytes[position] == UInt8(ascii: character)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek(character) else { return false }
        position += 1
        return true
    }

    /// White space, a byte order mark and comments; false where a comment has no end.
    private mutating func skipBlanks() -> Bool {
        if position == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            case UInt8(ascii: "/"):
                guard position + 1 < bytes.count else { return false }
                if bytes[position + 1] == UInt8(ascii: "/") {
                    position = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
                } else if bytes[position + 1] == UInt8(ascii: "*") {
                    guard let end = bytes[(position + 2)...].firstRange(of: Array("*/".utf8)) else { return false }
                    position = end.upperBound
                } else {
                    return false
                }
            default: return true
            }
        }
        return true
    }
}
