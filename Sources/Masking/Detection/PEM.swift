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
        return place..<openEnd(bytes, body)
    }

    /// As far as the lines of a block look like a key's whose end is not there, or not yet. Each may have something before it,
    /// as `kubectl logs --timestamps` and loggers put there: then its last word is the key's, and each line has as many words.
    private static func openEnd(_ bytes: UnsafeRawBufferPointer, _ body: Int) -> Int {
        let limit = min(bytes.count, body + longest)
        var end = body
        var words: Int?
        while true {
            while end < limit, isBodyByte(bytes[end]) { end += 1 }
            guard end < limit, let before = bytes[body..<end].lastIndex(of: UInt8(ascii: "\n")) else { return end }
            let lineEnd = bytes[end..<limit].firstIndex(of: UInt8(ascii: "\n")) ?? limit
            let line = bytes[(before + 1)..<lineEnd].split(separator: UInt8(ascii: " "))
            let last = line.last?.prefix { ByteClass.base64.contains($0) }.count ?? 0
            let isWhole = line.last.map {
                $0.dropFirst(last).allSatisfy { !ByteClass.base64.contains($0) && isBodyByte($0) }
            }
            guard lineEnd - before <= longestLine, isWhole == true, last > 0,
                last >= shortestLine || words == line.count
            else { return end }
            words = line.count
            end = lineEnd
        }
    }

    /// With what stands before it, in bytes.
    private static let longestLine = 512
    /// The first line of a key's that has something before it, in characters of its own; all but a key's last have 64.
    private static let shortestLine = 24

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
