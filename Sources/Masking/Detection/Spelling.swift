import Vocabulary

/// Bytes of a text as they are spelled: themselves, or an escape of URLs (also twice), of JSON or of HTML.
enum Spelling {
    /// The byte at a place and how many bytes spell it; nil at the text's end.
    static func at(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> (byte: UInt8, length: Int)? {
        guard place < bytes.count else { return nil }
        switch bytes[place] {
        case UInt8(ascii: "%"):
            var digits = place + 1
            while digits + 1 < bytes.count, bytes[digits] == UInt8(ascii: "2"), bytes[digits + 1] == UInt8(ascii: "5") {
                digits += 2
            }
            guard let byte = hex(bytes, digits) else { break }
            return (byte, digits + 2 - place)
        case UInt8(ascii: "\\"):
            guard bytes[place...].starts(with: "\\u00".utf8), let byte = hex(bytes, place + 4) else { break }
            return (byte, 6)
        case UInt8(ascii: "&"):
            for (escape, byte) in escapes where bytes[place...].starts(with: escape.utf8) {
                return (byte, escape.utf8.count)
            }
        default: break
        }
        return (bytes[place], 1)
    }

    /// True where a quote stands that is spelled with an escape of URLs or of HTML.
    static func isEscape(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Bool {
        at(bytes, place).map { $0.length > 1 && "\"'".utf8.contains($0.byte) } ?? false
    }

    private static let escapes: [(String, UInt8)] = [
        ("&quot;", UInt8(ascii: "\"")), ("&#34;", UInt8(ascii: "\"")), ("&#39;", UInt8(ascii: "'")),
        ("&apos;", UInt8(ascii: "'")), ("&#61;", UInt8(ascii: "=")),
    ]

    private static func hex(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt8? {
        guard place + 1 < bytes.count, let high = HexDigits.value(of: bytes[place]),
            let low = HexDigits.value(of: bytes[place + 1])
        else { return nil }
        return high << 4 | low
    }

    static func skipBlanks(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
        while let next = at(bytes, place), next.byte == 0x20 || next.byte == 0x09 { place += next.length }
    }

    /// Passes what a terminal takes for colours and the like (ECMA-48's CSI), as grep puts it around what it found.
    static func skipColours(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
        while place + 2 < bytes.count, bytes[place] == 0x1B, bytes[place + 1] == UInt8(ascii: "[") {
            var end = place + 2
            while end < bytes.count, end - place < 16, (0x20...0x3F).contains(bytes[end]) { end += 1 }
            guard end < bytes.count, (0x40...0x7E).contains(bytes[end]) else { return }
            place = end + 1
        }
    }
}
