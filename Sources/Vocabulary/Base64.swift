/// Base64 (RFC 4648 §4), strict: padded, no characters of others; line breaks are passed over, as in PEM and kubeconfigs.
public enum Base64 {
    /// The bytes of a text; nil where it is not base64.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var text = String(text)
        return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
    }

    /// The bytes of a text in UTF-8; nil where it is not base64.
    public static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        var count = 0
        var padding = 0
        for digit in text where digit != UInt8(ascii: "\n") && digit != UInt8(ascii: "\r") {
            if digit == UInt8(ascii: "=") {
                padding += 1
                guard padding <= 2, count & 3 >= 2 else { return nil }
                group <<= 6
            } else {
                guard padding == 0, let value = value(of: digit) else { return nil }
                group = group << 6 | UInt32(value)
            }
            count += 1
            guard count & 3 == 0 else { continue }
            bytes.append(UInt8(truncatingIfNeeded: group >> 16))
            bytes.append(UInt8(truncatingIfNeeded: group >> 8))
            bytes.append(UInt8(truncatingIfNeeded: group))
        }
        guard count & 3 == 0 else { return nil }
        bytes.removeLast(padding)
        return bytes
    }

    /// The padded base64 of bytes.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        encode(bytes, letters: standard, padded: true)
    }

    /// The base64url of bytes (RFC 4648 §5), without padding: what JOSE writes.
    public static func encodeURL(_ bytes: some Sequence<UInt8>) -> String { encode(bytes, letters: url, padded: false) }

    /// The bytes of an unpadded base64url text; nil where it is none, or not the one spelling of its bytes.
    public static func decodeURL(_ text: some StringProtocol) -> [UInt8]? {
        guard
            !text.utf8.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "=") }
            )
        else { return nil }
        let standard = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        let padding = String(repeating: "=", count: (4 - standard.count % 4) % 4)
        guard padding.count < 3, let bytes = decode(String(standard) + padding), encodeURL(bytes) == text else {
            return nil
        }
        return bytes
    }

    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let url = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func encode(_ bytes: some Sequence<UInt8>, letters: [UInt8], padded: Bool) -> String {
        String(decoding: encode(Array(bytes), letters, padded: padded), as: UTF8.self)
    }

    /// The padded base64 of bytes, as ASCII.
    public static func encodeASCII(_ bytes: [UInt8]) -> [UInt8] { encode(bytes, standard, padded: true) }

    private static func encode(_ bytes: [UInt8], _ letters: [UInt8], padded: Bool) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text, count in
            var start = 0
            while start < bytes.count {
                let length = min(3, bytes.count - start)
                var word: UInt32 = 0
                for index in 0..<3 { word = word << 8 | UInt32(index < length ? bytes[start + index] : 0) }
                for index in 0..<4 where index <= length || padded {
                    let letter = letters[Int(word >> UInt32(18 - 6 * index) & 63)]
                    text[count] = index <= length ? letter : UInt8(ascii: "=")
                    count += 1
                }
                start += 3
            }
        }
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
