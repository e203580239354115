public import Vocabulary

/// Objects in CBOR (RFC 8949) as Kubernetes writes them: each begins with the tag that says so. Byte strings stand for text.
public enum CBORText {
    static let magic: [UInt8] = [0xD9, 0xD9, 0xF7]

    /// True for bytes that begin as such an object does.
    public static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

    /// The objects, with the tag or without, where nothing is left of the bytes behind them; nil for anything else.
    public static func whole(_ bytes: [UInt8]) -> [JSON]? {
        var reader = CBORReader(rest: bytes[...])
        var objects: [JSON] = []
        while !reader.rest.isEmpty {
            guard let object = reader.item(depth: 0), object.members != nil else { return nil }
            objects.append(object)
        }
        return objects
    }

    /// The objects, one behind the other; nil where the bytes are no such objects. What is cut at the end is left away.
    public static func objects(_ bytes: [UInt8]) -> [JSON]? {
        guard bytes.starts(with: magic) else { return nil }
        var reader = CBORReader(rest: bytes[...])
        var objects: [JSON] = []
        while !reader.rest.isEmpty, let object = reader.item(depth: 0) { objects.append(object) }
        return objects.isEmpty ? nil : objects
    }
}

/// Reads items; nil where one is cut or is none.
private struct CBORReader {
    private static let maximumDepth = 128

    var rest: ArraySlice<UInt8>

    mutating func item(depth: Int) -> JSON? {
        guard depth < Self.maximumDepth, let first = rest.popFirst() else { return nil }
        let (major, minor) = (first >> 5, first & 0x1F)
        if major == 7 { return simple(minor) }
        guard minor != 31 else { return indefinite(major, depth: depth) }
        guard let argument = argument(minor) else { return nil }
        switch major {
        case 0: return .integer(argument)
        case 1: return argument <= UInt64(Int64.max) ? .integer(-1 - Int64(argument)) : nil
        case 2, 3: return bytes(argument).map(Self.text)
        case 4:
            // Each element takes a byte at least.
            guard argument <= UInt64(rest.count) else { return nil }
            var elements: [JSON] = []
            for _ in 0..<argument {
                guard let element = item(depth: depth + 1) else { return nil }
                elements.append(element)
            }
            return .array(elements)
        case 5:
            guard argument <= UInt64(rest.count) else { return nil }
            var members: [JSON.Member] = []
            for _ in 0..<argument {
                guard let member = member(depth: depth) else { return nil }
                members.append(member)
            }
            return .object(members)
        default: return item(depth: depth + 1)
        }
    }

    private mutating func member(depth: Int) -> JSON.Member? {
        guard let name = item(depth: depth + 1).flatMap(Self.name), let value = item(depth: depth + 1) else {
            return nil
        }
        return JSON.Member(name, value)
    }

    /// A member's name. Kubernetes names members by strings; of a map that names one by another map, the text would double
    /// with each level.
    private static func name(_ item: JSON) -> String? {
        switch item {
        case .object, .array: nil
        case .string(let text): text
        default: item.canonicalText
        }
    }

    private mutating func indefinite(_ major: UInt8, depth: Int) -> JSON? {
        var elements: [JSON] = []
        var members: [JSON.Member] = []
        var text: [UInt8] = []
        while let next = rest.first, next != 0xFF {
            switch major {
            case 2, 3:
                rest.removeFirst()
                guard next >> 5 == major, let length = argument(next & 0x1F), let piece = bytes(length) else {
                    return nil
                }
                text += piece
            case 4:
                guard let element = item(depth: depth + 1) else { return nil }
                elements.append(element)
            case 5:
                guard let member = member(depth: depth) else { return nil }
                members.append(member)
            default: return nil
            }
        }
        guard rest.popFirst() != nil else { return nil }
        switch major {
        case 4: return .array(elements)
        case 5: return .object(members)
        default: return Self.text(text[...])
        }
    }

    private mutating func simple(_ minor: UInt8) -> JSON? {
        switch minor {
        case 20: return .bool(false)
        case 21: return .bool(true)
        case 22, 23: return .null
        case 25: return argument(minor).map { Self.number(Double(Self.half(UInt16(truncatingIfNeeded: $0)))) }
        case 26:
            return argument(minor).map { Self.number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0)))) }
        case 27: return argument(minor).map { Self.number(Double(bitPattern: $0)) }
        default: return nil
        }
    }

    private mutating func argument(_ minor: UInt8) -> UInt64? {
        let count =
            switch minor {
            case 24: 1
            case 25: 2
            case 26: 4
            case 27: 8
            default: 0
            }
        if minor < 24 { return UInt64(minor) }
        guard count > 0, let taken = bytes(UInt64(count)) else { return nil }
        return taken.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func bytes(_ count: UInt64) -> ArraySlice<UInt8>? {
        guard count <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> JSON {
        .string(String(validating: bytes, as: UTF8.self) ?? Base64.encode(bytes))
    }

    private static func number(_ value: Double) -> JSON { value.isFinite ? .number("\(value)") : .string("\(value)") }

    /// IEEE 754's half precision.
    private static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Float(bits & 0x3FF))
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1_024)
        }
    }
}
