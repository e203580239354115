import Vocabulary

/// The name of an object as a request's body tells it: JSON, or Kubernetes' protobuf envelope
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding), whose object begins with its metadata,
/// and that with its name.
enum ObjectName {
    private static let envelope = Array("k8s\0".utf8)

    /// Returns nil where the body is neither, or names none.
    static func read(_ body: [UInt8]) -> String? {
        let name: String?
        if body.starts(with: envelope) {
            name = field(2, body[4...]).flatMap { field(1, $0) }.flatMap { field(1, $0) }
                .map { String(decoding: $0, as: UTF8.self) }
        } else {
            name = (try? JSON(parsing: body))?["metadata"]?["name"]?.string
        }
        return name.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The bytes of a message's first field of that number (https://protobuf.dev/programming-guides/encoding).
    private static func field(_ number: UInt64, _ message: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = message
        while let key = varint(&rest) {
            let length: UInt64
            switch key & 7 {
            case 0:
                guard varint(&rest) != nil else { return nil }
                length = 0
            case 1: length = 8
            case 2:
                guard let told = varint(&rest) else { return nil }
                length = told
            case 5: length = 4
            default: return nil
            }
            guard length <= UInt64(rest.count) else { return nil }
            if key == number << 3 | 2 { return rest.prefix(Int(length)) }
            rest = rest.dropFirst(Int(length))
        }
        return nil
    }

    private static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
