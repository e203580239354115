/// A value beside a telling name, as it stands in logs, in properties, in code and in command lines: `password=…`,
/// `"apiKey": "…"`, `--token …`, `<password>…</password>`, `Authorization: Bearer …`.
enum NamedValue {
    /// What is found: the value, and whether the text ended before it showed the value or its end.
    struct Found {
        let range: Range<Int>
        var isOpen = false
        /// From where on the text is needed to understand the value.
        var context: Int?
    }

    /// Texts of names, by which their places are found.
    static let anchors = [
        "pass", "pwd", "kennwort", "secret", "token", "apikey", "_key", "-key", ".key", "accesskey", "privatekey",
        "cred",
        "authorization", "signingkey", "encryptionkey", "accountkey", "connectionstring", "sharedkey", "masterkey",
        "dsn", "_pw", "pw=", "pw:", "pw\"", "_psk", "psk=", "psk:", "_salt", "_pat", "pepper", "cookie", "key:", "key=",
        "auth=", "auth:", "auth\":", "auth\\\":", "masterauth",
        "identified by",
    ]

    private static let longestName = 96
    /// A shorter value without quotes stands behind a name by chance, in programs, pictures and archives.
    private static let shortest = 4

    /// - Parameters:
    ///   - bytes: the whole text, as far as it is known.
    ///   - place: where the telling word begins.
    ///   - names: those that tell.
    /// - Returns: the value.
    static func find(_ bytes: UnsafeRawBufferPointer, _ place: Int, _ names: TellingNames) -> Found? {
        guard let found = candidate(bytes, place, names) else { return nil }
        guard !found.isOpen, found.range.count < longestByChance else { return found }
        var start = place
        while start > 0, place - start < longestName, bytes[start - 1].isNameByte { start -= 1 }
        let before = (max(0, start - neighbours)..<start).reversed()
        let end = found.range.upperBound
        return isText(bytes, before) && isText(bytes, end..<min(bytes.count, end + neighbours)) ? found : nil
    }

    /// Bytes beside a short value that are looked at.
    private static let neighbours = 3
    /// A shorter value stands behind a short name by chance in a few hundred megabytes of anything, so what is beside it must be
    /// text as well.
    private static let longestByChance = 8

    /// True where bytes are text up to a line's end, or a NUL as between variables of an environment.
    private static func isText(_ bytes: UnsafeRawBufferPointer, _ places: some Sequence<Int>) -> Bool {
        for place in places {
            switch bytes[place] {
            case 0, 0x0A, 0x0D: return true
            case 0x09, 0x1B, 0x20..<0x7F: continue
            case 0x80..<0xC0:
                // UTF-8: what follows follows something.
                guard place > 0, bytes[place - 1] >= 0x80 else { return false }
            case 0xC2..<0xF5:
                guard place + 1 < bytes.count, bytes[place + 1] & 0xC0 == 0x80 else { return false }
            default: return false
            }
        }
        return true
    }

    private static func candidate(_ bytes: UnsafeRawBufferPointer, _ place: Int, _ names: TellingNames) -> Found? {
        var start = place
        while start > 0, place - start < longestName, bytes[start - 1].isNameByte { start -= 1 }
        var end = place
        while end < bytes.count, end - place < longestName, bytes[end].isNameByte { end += 1 }
        let name = NameInText(bytes: bytes, range: start..<end)
        guard let strength = names.strength(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) else {
            return name.isIdentifiedBy ? judged(name.quotedBehindWords(2), bytes, .password) : nil
        }
        if let element = name.elementText { return judged(element, bytes, strength, isDelimited: true) }
        if let pair = name.pairedValue {
            guard let begin = pair else { return Found(range: end..<end, isOpen: true) }
            if bytes[begin - 1] == UInt8(ascii: ">") {
                return name.text(from: begin).flatMap { judged($0, bytes, strength, isDelimited: true) }
            }
            let value = ValueText.read(bytes, begin, name.isFirstInLine)
            guard var found = judged(value, bytes, strength) else { return unfinished(value.range, bytes, behind: end) }
            found.context = end
            return found
        }
        guard let separator = name.separator else {
            return judged(name.valueBehindBlank(strength), bytes, strength)
        }
        if separator.isColon, let block = BlockText(bytes, name, behind: separator.end) {
            guard let text = block.text else {
                return Found(range: separator.end..<separator.end, isOpen: true, context: end)
            }
            guard judged(block.firstLine, bytes, strength) != nil else {
                return unfinished(block.firstLine?.range, bytes, behind: end)
            }
            return Found(range: text, isOpen: block.isOpen, context: end)
        }
        guard let begin = ValueText.begin(bytes, separator.end) else { return nil }
        let value = ValueText.read(
            bytes, begin, name.isFirstInLine, isEncoded: separator.isEncoded || Spelling.isEscape(bytes, begin))
        return judged(value, bytes, strength)
    }

    /// A value that says nothing yet and may go on, in a line below its name's.
    private static func unfinished(_ value: Range<Int>?, _ bytes: UnsafeRawBufferPointer, behind name: Int) -> Found? {
        value?.upperBound == bytes.count ? Found(range: name..<name, isOpen: true) : nil
    }

    private static func judged(
        _ value: (range: Range<Int>, isDelimited: Bool)?, _ bytes: UnsafeRawBufferPointer,
        _ strength: TellingNames.Strength
    ) -> Found? {
        value.flatMap { judged($0.range, bytes, strength, isDelimited: $0.isDelimited) }
    }

    private static func judged(
        _ value: Range<Int>, _ bytes: UnsafeRawBufferPointer, _ strength: TellingNames.Strength, isDelimited: Bool
    ) -> Found? {
        let text = bytes[value]
        guard text.count >= (isDelimited ? 1 : shortest),
            text.allSatisfy({ $0 < 0x80 }) || String(validating: text, as: UTF8.self) != nil,
            PlausibleSecret.isSecret(text, beside: strength, isDelimited: isDelimited)
        else { return nil }
        return Found(range: value)
    }
}
