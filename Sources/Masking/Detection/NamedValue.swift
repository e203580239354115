/// A value beside a telling name, as it stands in logs, in properties, in code and in command lines: `password=…`,
/// `"apiKey": "…"`, `--token …`, `Authorization: Bearer …`.
enum NamedValue {
    private static let longestName = 96
    /// A shorter value without quotes stands behind a name by chance, in programs, pictures and archives.
    private static let shortest = 4

    /// - Parameters:
    ///   - bytes: the whole text, as far as it is known.
    ///   - place: where the telling word begins.
    /// - Returns: the value.
    static func find(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Range<Int>? {
        var start = place
        while start > 0, place - start < longestName, bytes[start - 1].isNameByte { start -= 1 }
        var end = place
        while end < bytes.count, end - place < longestName, bytes[end].isNameByte { end += 1 }
        guard let strength = TellingName.strength(bytes[start..<end]) else { return nil }
        let isFlag = bytes[start] == UInt8(ascii: "-")
        guard let begin = valueStart(bytes, end, isFlag: isFlag) else { return nil }
        guard let value = value(bytes, begin), PlausibleSecret.isSecret(bytes[value], beside: strength) else {
            return nil
        }
        return value
    }

    /// Behind the name: perhaps a quote's end, a separator, white space of the same line, and a scheme such as Bearer.
    private static func valueStart(_ bytes: UnsafeRawBufferPointer, _ end: Int, isFlag: Bool) -> Int? {
        var place = end
        func skip(_ isSkipped: (UInt8) -> Bool) { while place < bytes.count, isSkipped(bytes[place]) { place += 1 } }
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let isQuote = { (byte: UInt8) in
            byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
        }
        if place < bytes.count, isQuote(bytes[place]) { skip(isQuote) }
        skipColours(bytes, &place)
        let afterName = place
        skip(isBlank)
        guard place < bytes.count else { return nil }
        let separators = ":=".utf8
        if separators.contains(bytes[place]) {
            skip { separators.contains($0) || $0 == UInt8(ascii: ">") }
        } else {
            guard isFlag, place > afterName else { return nil }
        }
        skip(isBlank)
        skipColours(bytes, &place)
        skipScheme(bytes, &place)
        return place < bytes.count ? place : nil
    }

    /// Passes what a terminal takes for colours and the like (ECMA-48's CSI), as grep puts it around what it found.
    private static func skipColours(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
        while place + 2 < bytes.count, bytes[place] == 0x1B, bytes[place + 1] == UInt8(ascii: "[") {
            var end = place + 2
            while end < bytes.count, end - place < 16, (0x20...0x3F).contains(bytes[end]) { end += 1 }
            guard end < bytes.count, (0x40...0x7E).contains(bytes[end]) else { return }
            place = end + 1
        }
    }

    private static func skipScheme(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
        var at = place
        if at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") { at += 1 }
        for scheme in ["bearer ", "basic ", "token "] {
            let word = bytes[at...].prefix(scheme.utf8.count)
            guard word.count == scheme.utf8.count, word.elementsEqual(scheme.utf8, by: { $0 | 0x20 == $1 | 0x20 })
            else {
                continue
            }
            place = at + scheme.utf8.count
            return
        }
    }

    /// A quoted text, or everything up to white space, a control character or what ends a field; nil where that is no text.
    private static func value(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Range<Int>? {
        var start = start
        var quote: UInt8?
        while start < bytes.count, bytes[start] == UInt8(ascii: "\\") { start += 1 }
        if start < bytes.count, bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") {
            quote = bytes[start]
            start += 1
        }
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte < 0x20 && byte != 0x09 || byte == 0x7F || byte == quote { break }
            if quote == nil, byte.isSpace || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { break }
            if quote == nil, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "&") {
                break
            }
            if quote == nil, byte == UInt8(ascii: "}") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") {
                break
            }
            if byte == UInt8(ascii: "\\"), quote == nil { break }
            if byte == UInt8(ascii: "\\"), end + 1 < bytes.count, bytes[end + 1] == quote { break }
            end += 1
        }
        let value = bytes[start..<end]
        guard value.count >= (quote == nil ? shortest : 1),
            value.allSatisfy({ $0 < 0x80 }) || String(validating: value, as: UTF8.self) != nil
        else { return nil }
        return start..<end
    }
}
