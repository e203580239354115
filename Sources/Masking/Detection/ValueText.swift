/// Reads a value as its syntax has it.
enum ValueText {
    /// Where a value begins behind its separator: behind YAML's tags and a scheme such as Bearer.
    static func begin(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        var place = start
        for tag in ["!!str ", "!!binary "] where bytes[place...].starts(with: tag.utf8) { place += tag.utf8.count }
        var at = place
        if at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") { at += 1 }
        for scheme in ["bearer ", "basic ", "token "] {
            let word = bytes[at...].prefix(scheme.utf8.count)
            if word.count == scheme.utf8.count, word.elementsEqual(scheme.utf8, by: { $0 | 0x20 == $1 | 0x20 }) {
                place = at + scheme.utf8.count
            }
        }
        return place < bytes.count ? place : nil
    }

    /// - Parameters:
    ///   - bytes: the whole text, as far as it is known.
    ///   - start: where the value begins, with its quote.
    ///   - hasLine: true where the line holds nothing but the name and the value.
    ///   - isEncoded: true where the separator was spelled with an escape.
    /// - Returns: the value without its quotes, and whether something ends it for certain.
    static func read(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, _ hasLine: Bool, isEncoded: Bool = false
    ) -> (range: Range<Int>, isDelimited: Bool) {
        if isEncoded { return encoded(bytes, start) }
        var place = start
        while place < bytes.count, bytes[place] == UInt8(ascii: "\\") { place += 1 }
        if place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'") {
            return (quoted(bytes, place, isEscaped: place > start), true)
        }
        return hasLine ? line(bytes, place) : (word(bytes, place), false)
    }

    /// Of a value that SOPS encrypted.
    private static let longestEncrypted = 8_192

    private static func quoted(_ bytes: UnsafeRawBufferPointer, _ place: Int, isEscaped: Bool) -> Range<Int> {
        let (quote, start) = (bytes[place], place + 1)
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte < 0x20 && byte != 0x09 || byte == 0x7F { break }
            if byte == UInt8(ascii: "\\"), end + 1 < bytes.count, bytes[end + 1] == quote || !isEscaped {
                if isEscaped || quote == UInt8(ascii: "'") && bytes[end + 1] == quote { break }
                // A backslash at the end of a Windows path is no escape.
                end += 2
                continue
            }
            if byte == quote {
                // YAML and SQL double a quote within a text.
                guard quote == UInt8(ascii: "'"), end > start, end + 1 < bytes.count, bytes[end + 1] == quote else {
                    break
                }
                end += 1
            }
            end += 1
        }
        return start..<min(end, bytes.count)
    }

    /// Up to white space, a control character, a quote or what ends a field.
    private static func word(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Range<Int> {
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte <= 0x20 || byte == 0x7F || "\"'\\,;&})]<".utf8.contains(byte) { break }
            end += 1
        }
        return start..<end
    }

    /// Up to the line's end where only words follow, otherwise up to white space. What ends a field in other places belongs to
    /// the value here, unless another name follows it.
    private static func line(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> (range: Range<Int>, isDelimited: Bool) {
        if bytes[start...].starts(with: "ENC[".utf8),
            let close = bytes[start...].prefix(longestEncrypted).firstIndex(of: UInt8(ascii: "]"))
        {
            return (start..<close + 1, true)
        }
        var end = start
        while end < bytes.count, bytes[end] > 0x20, bytes[end] != 0x7F {
            if ",;&".utf8.contains(bytes[end]), end > start, isName(bytes, end + 1) { break }
            if bytes[end] == UInt8(ascii: "\\"), end + 1 < bytes.count, "nrt\"'".utf8.contains(bytes[end + 1]) { break }
            end += 1
        }
        let first = start..<trimmed(bytes, start, end)
        guard end < bytes.count, bytes[end] == 0x20 else { return (first, false) }
        let lineEnd = bytes[end...].firstIndex { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } ?? bytes.count
        let words = bytes[end..<lineEnd].split(separator: 0x20)
        let isPhrase =
            (1...11).contains(words.count)
            && bytes[start..<lineEnd].allSatisfy { $0.isAlphanumeric || $0 >= 0x80 || " -_.'!?".utf8.contains($0) }
            && !words.contains { $0.first == UInt8(ascii: "-") }
        let last = bytes[start..<lineEnd].lastIndex { $0 != 0x20 } ?? start
        guard isPhrase, !Prose.isSentence(bytes[start..<last + 1]) else { return (first, false) }
        return (start..<last + 1, true)
    }

    /// Leaves away what ends a line of a list, and brackets that were opened before the value.
    private static func trimmed(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start, ",;)}]\"'<".utf8.contains(bytes[end - 1]) {
            let open: UInt8? =
                switch bytes[end - 1] {
                case UInt8(ascii: ")"): UInt8(ascii: "(")
                case UInt8(ascii: "}"): UInt8(ascii: "{")
                case UInt8(ascii: "]"): UInt8(ascii: "[")
                default: nil
                }
            if let open, bytes[start..<end].contains(open) { break }
            end -= 1
        }
        return end
    }

    /// True where a name and a separator stand at a place.
    private static func isName(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
        var place = start
        while place < bytes.count, place - start < 64, bytes[place].isNameByte || bytes[place] == 0x20 { place += 1 }
        return place > start && place < bytes.count && ":=".utf8.contains(bytes[place])
    }

    /// Up to an escape of what ends a field, or up to white space, a quote or what ends a field.
    private static func encoded(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> (range: Range<Int>, isDelimited: Bool)
    {
        var start = place
        var isQuoted = false
        while let next = Spelling.at(bytes, start), "\"'\\".utf8.contains(next.byte) {
            start += next.length
            isQuoted = true
        }
        var end = start
        while let next = Spelling.at(bytes, end) {
            if next.length == 1, next.byte <= 0x20 || "\"'\\&,;<".utf8.contains(next.byte) { break }
            if next.length > 1,
                next.byte < 0x20 || "\"'&".utf8.contains(next.byte) || (!isQuoted && " ,;}".utf8.contains(next.byte))
            {
                break
            }
            end += next.length
        }
        return (start..<end, isQuoted)
    }
}
