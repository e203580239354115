import Vocabulary

/// Private keys in PEM (RFC 7468), plain and in base64.
enum PEM {
    /// A key with its certificates around it is longer; what goes past this is no key.
    static let longest = 32 << 10
    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let privateKey = Array("PRIVATE KEY".utf8)

    /// The block that begins at a place. One whose end is cut off goes as far as its lines look like one.
    static func privateKey(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Range<Int>? {
        let label = place + begin.count
        guard let dashes = find(Array("-----".utf8), in: bytes, from: label, within: 64),
            contains(privateKey, bytes[label..<dashes])
        else { return nil }
        let body = dashes + 5
        if let end = find(end, in: bytes, from: body, within: longest) {
            let close = find(Array("-----".utf8), in: bytes, from: end + Self.end.count, within: 64)
            return place..<(close.map { $0 + 5 } ?? bytes.count)
        }
        var end = body
        while end < bytes.count, end - body < longest, isBodyByte(bytes[end]) { end += 1 }
        return place..<end
    }

    /// Base64, line ends however they are spelled, and the header lines of old encrypted keys.
    private static func isBodyByte(_ byte: UInt8) -> Bool {
        ByteClass.base64.contains(byte) || byte.isSpace || "\\:,-\"'|".utf8.contains(byte)
    }

    /// Base64 that begins as `-----BEGIN` does and holds a private key.
    static func encodedPrivateKey(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Range<Int>? {
        let length = ByteClass.base64.run(in: bytes, from: place)
        guard length >= 60 else { return nil }
        let whole = UnsafeRawBufferPointer(rebasing: bytes[place..<place + length / 4 * 4])
        guard let plain = Base64.decode(whole) else { return nil }
        return plain.withUnsafeBytes { contains(privateKey, $0[...]) } ? place..<place + length : nil
    }

    private static func find(
        _ needle: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int, within limit: Int
    ) -> Int? {
        let last = min(bytes.count - needle.count, start + limit)
        guard start <= last else { return nil }
        return (start...last).first { bytes[$0] == needle[0] && bytes[$0...].starts(with: needle) }
    }

    static func contains(_ needle: [UInt8], _ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard bytes.count >= needle.count else { return false }
        return (bytes.startIndex...bytes.endIndex - needle.count).contains { bytes[$0...].starts(with: needle) }
    }
}
