/// The fields of a Protocol Buffers message, read without knowing its type.
struct ProtobufFields {
    enum Value {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private(set) var fields: [(number: Int, value: Value)] = []

    /// Returns nil where the bytes are no message.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            guard let tag = Self.varint(&rest), tag >> 3 > 0, tag >> 3 < 1 << 29, let value = Self.value(tag & 7, &rest)
            else { return nil }
            fields.append((Int(tag >> 3), value))
        }
    }

    /// The bytes of a field; of the last one where it stands there more than once.
    func bytes(_ number: Int) -> ArraySlice<UInt8>? {
        for field in fields.reversed() where field.number == number {
            if case .bytes(let bytes) = field.value { return bytes }
        }
        return nil
    }

    func text(_ number: Int) -> String { bytes(number).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    func number(_ number: Int) -> UInt64 {
        for field in fields.reversed() where field.number == number {
            if case .number(let value) = field.value { return value }
        }
        return 0
    }

    private static func value(_ wireType: UInt64, _ rest: inout ArraySlice<UInt8>) -> Value? {
        switch wireType {
        case 0: return varint(&rest).map { .number($0) }
        case 1: return fixed(8, &rest)
        case 2:
            guard let length = varint(&rest), length <= UInt64(rest.count) else { return nil }
            defer { rest = rest.dropFirst(Int(length)) }
            return .bytes(rest.prefix(Int(length)))
        case 5: return fixed(4, &rest)
        default: return nil
        }
    }

    private static func fixed(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> Value? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return .number(rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
