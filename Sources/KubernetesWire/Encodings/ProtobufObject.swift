public import Vocabulary

/// An object as Kubernetes writes it in Protocol Buffers: four bytes that say so, then an envelope with the object's type
/// (k8s.io/apimachinery, runtime.Unknown).
public struct ProtobufObject {
    static let magic: [UInt8] = Array("k8s\0".utf8)
    private static let maximumDepth = 64

    public let apiVersion: String
    public let kind: String
    private let raw: ArraySlice<UInt8>

    /// Returns nil where the bytes are no such object.
    public init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.starts(with: Self.magic), let envelope = ProtobufFields(bytes[Self.magic.count...]),
            let type = envelope.bytes(1).flatMap({ ProtobufFields($0) })
        else { return nil }
        apiVersion = type.text(1)
        kind = type.text(2)
        raw = envelope.bytes(2) ?? []
    }

    /// True where the type's fields are known by their names.
    public var isKnown: Bool { ProtobufSchema.known.fields(of: kind) != nil && ProtobufFields(raw) != nil }

    /// The objects of a watch, each behind its length in four bytes; nil where the bytes are none. What is cut at the end is
    /// left away.
    public static func watchEvents(_ bytes: [UInt8]) -> [JSON]? {
        var events: [JSON] = []
        var rest = bytes[...]
        while rest.count >= 4 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard length > 0, length <= rest.count else { break }
            guard let event = ProtobufFields(rest.prefix(length)),
                let object = event.bytes(2).flatMap({ ProtobufFields($0) })?.bytes(1).flatMap({ ProtobufObject($0) })
            else { return nil }
            events.append(.object([JSON.Member("type", .string(event.text(1))), JSON.Member("object", object.json)]))
            rest = rest.dropFirst(length)
        }
        return events.isEmpty ? nil : events
    }

    /// The object as JSON: fields by name where the type is known, else by number. Numbers of an unknown type may be of any
    /// sign, and its texts may be messages.
    public var json: JSON {
        let type = [JSON.Member("apiVersion", .string(apiVersion)), JSON.Member("kind", .string(kind))]
        guard let message = Self.message(raw, kind, depth: 0)?.members else {
            return .object(type + [JSON.Member("raw", .string(Base64.encode(raw)))])
        }
        return .object(type + message)
    }

    private static func message(_ bytes: ArraySlice<UInt8>, _ type: String?, depth: Int) -> JSON? {
        guard depth < maximumDepth, let fields = ProtobufFields(bytes) else { return nil }
        switch type {
        case "Time":
            return .string("\(Timestamp(nanoseconds: Int64(truncatingIfNeeded: fields.number(1)) &* 1_000_000_000))")
        case "Quantity": return .string(fields.text(1))
        case "FieldsV1": return (try? JSON(parsing: fields.bytes(1) ?? [])) ?? .null
        case "IntOrString":
            if fields.number(1) == 1 { return .string(fields.text(3)) }
            return .integer(Int64(bitPattern: fields.number(2)))
        default: break
        }
        let known = type.flatMap { ProtobufSchema.known.fields(of: $0) } ?? [:]
        // All that is said of a field, wherever it stands, is gathered where it stands first.
        var gathered: [(name: String, kind: ProtobufSchema.Kind?, values: [JSON])] = []
        var places: [Int: Int] = [:]
        for (number, value) in fields.fields {
            let place = places[number] ?? gathered.count
            if place == gathered.count {
                places[number] = place
                gathered.append((known[number]?.name ?? String(number), known[number]?.kind, []))
            }
            gathered[place].values.append(json(value, gathered[place].kind, depth: depth))
        }
        return .object(gathered.map { JSON.Member($0.name, joined($0.values, $0.kind)) })
    }

    /// What the values of one field are together.
    private static func joined(_ values: [JSON], _ kind: ProtobufSchema.Kind?) -> JSON {
        switch kind {
        case .list: .array(values)
        case .map: .object(values.flatMap { $0.members ?? [] })
        case nil: values.count > 1 ? .array(values) : values[0]
        // The last one holds, as Protocol Buffers have it.
        default: values[values.count - 1]
        }
    }

    /// One value; of a list one element, of a map one entry as an object.
    private static func json(
        _ value: ProtobufFields.Value, _ kind: ProtobufSchema.Kind?, depth: Int
    ) -> JSON {
        switch (value, kind) {
        case (_, .list(let kind)): return json(value, kind, depth: depth)
        case (.number(let number), .bool): return .bool(number != 0)
        case (.number(let number), _): return .integer(Int64(bitPattern: number))
        case (.bytes(let bytes), .bytes): return .string(Base64.encode(bytes))
        case (.bytes(let bytes), .text): return .string(String(decoding: bytes, as: UTF8.self))
        case (.bytes(let bytes), .message(let type)):
            return message(bytes, type, depth: depth + 1) ?? .string(Base64.encode(bytes))
        case (.bytes(let bytes), .map(let kind)):
            guard let entry = ProtobufFields(bytes) else { return .object([]) }
            return .object([JSON.Member(entry.text(1), json(.bytes(entry.bytes(2) ?? []), kind, depth: depth))])
        case (.bytes(let bytes), _): return guessed(bytes, depth: depth)
        }
    }

    /// Text where it is printable, else a message where it reads as one, else bytes.
    private static func guessed(_ bytes: ArraySlice<UInt8>, depth: Int) -> JSON {
        if let text = String(validating: bytes, as: UTF8.self),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
        {
            return .string(text)
        }
        return message(bytes, nil, depth: depth + 1) ?? .string(Base64.encode(bytes))
    }
}
