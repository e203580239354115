/// Base64 (RFC 4648 §4), strict: padded, no characters of others; line breaks are passed over, as in PEM and kubeconfigs.
public enum Base64 {
    /// The bytes of a text; nil where it is not base64.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        Array(text.utf8).withUnsafeBytes { decode($0) }
    }

    /// The bytes of a text; nil where it is not base64.
    public static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        if let bytes = decode(unbroken: text) { return bytes }
        let isBreak = { (byte: UInt8) in byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
        guard text.contains(where: isBreak) else { return nil }
        return text.filter { !isBreak($0) }.withUnsafeBytes { decode(unbroken: $0) }
    }

    private static func decode(unbroken text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
        if padding == 1, text[text.count - 1] != UInt8(ascii: "=") { return nil }
        var isRight = true
        var bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { output, count in
            values.withUnsafeBufferPointer { values in
                for place in stride(from: 0, to: text.count, by: 4) {
                    var group: UInt32 = 0
                    for index in place..<place + 4 {
                        let value = index < text.count - padding ? values[Int(text[index])] : 0
                        if value == wrong { isRight = false }
                        group = group << 6 | UInt32(value & 63)
                    }
                    output[count] = UInt8(truncatingIfNeeded: group >> 16)
                    output[count + 1] = UInt8(truncatingIfNeeded: group >> 8)
                    output[count + 2] = UInt8(truncatingIfNeeded: group)
                    count += 3
                }
            }
        }
        guard isRight else { return nil }
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
        encode(Array(bytes), letters: letters, padded: padded)
    }

    private static func encode(_ bytes: [UInt8], letters: [UInt8], padded: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let length = min(3, bytes.count - start)
            var word: UInt32 = 0
            for index in 0..<3 { word = word << 8 | UInt32(index < length ? bytes[start + index] : 0) }
            for index in 0..<4 {
                if index <= length {
                    text.append(letters[Int(word >> UInt32(18 - 6 * index) & 63)])
                } else if padded {
                    text.append(UInt8(ascii: "="))
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What is no digit.
    private static let wrong: UInt8 = 0xFF
    /// Each byte's value as a digit.
    private static let values = (UInt8.min...UInt8.max).map { value(of: $0) ?? wrong }

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
