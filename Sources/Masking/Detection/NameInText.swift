/// A telling name in a text, and what stands around it.
struct NameInText {
    let bytes: UnsafeRawBufferPointer
    let range: Range<Int>

    /// What stands between the name and its value.
    struct Separator {
        /// Behind it and what is blank.
        var end: Int
        let isColon: Bool
        /// True where it is spelled with escapes, as `%3D` is: the value ends with another.
        let isEncoded: Bool
    }

    private var isFlag: Bool { bytes[range.lowerBound] == UInt8(ascii: "-") }

    /// Where the name's line begins.
    var lineStart: Int {
        var place = range.lowerBound
        while place > 0, range.lowerBound - place < 256, bytes[place - 1] >= 0x20 || bytes[place - 1] == 0x09 {
            place -= 1
        }
        return place
    }

    /// True where nothing but blanks, a list's dash or `export` stands before the name: the line is its value's.
    var isFirstInLine: Bool {
        let before = bytes[lineStart..<range.lowerBound]
        let words = before.split(whereSeparator: \.isSpace)
        return words.allSatisfy { word in ["-", "export", "set", "ENV"].contains { word.elementsEqual($0.utf8) } }
    }

    /// Behind the name: perhaps a quote's end, a separator, and white space of the same line; nil where there is none.
    var separator: Separator? {
        var place = range.upperBound
        while let quote = Spelling.at(bytes, place), "\"'\\".utf8.contains(quote.byte),
            quote.byte != UInt8(ascii: "\\") || quote.length == 1
        {
            place += quote.length
        }
        Spelling.skipColours(bytes, &place)
        let afterName = place
        Spelling.skipBlanks(bytes, &place)
        guard let first = Spelling.at(bytes, place) else { return nil }
        guard ":=".utf8.contains(first.byte) else {
            guard isFlag, place > afterName else { return nil }
            return Separator(end: place, isColon: false, isEncoded: false)
        }
        var isColon = false
        while let next = Spelling.at(bytes, place), ":=>".utf8.contains(next.byte) {
            isColon = next.byte == UInt8(ascii: ":")
            place += next.length
        }
        Spelling.skipBlanks(bytes, &place)
        Spelling.skipColours(bytes, &place)
        return Separator(end: place, isColon: isColon, isEncoded: first.length > 1)
    }

    /// The text of an element that has this name: `<password>…</password>`, `<db:password a="b">…`, and CDATA in it.
    var elementText: Range<Int>? {
        var open = range.lowerBound
        if open > 0, bytes[open - 1] == UInt8(ascii: ":") {
            open -= 1
            while open > 0, bytes[open - 1].isNameByte { open -= 1 }
        }
        guard open > 0, bytes[open - 1] == UInt8(ascii: "<") else { return nil }
        let limit = min(bytes.count, range.upperBound + 256)
        guard
            let close = bytes[range.upperBound..<limit].firstIndex(where: {
                $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "<")
            }),
            bytes[close] == UInt8(ascii: ">"), bytes[close - 1] != UInt8(ascii: "/")
        else { return nil }
        return text(from: close + 1)
    }

    func text(from place: Int) -> Range<Int>? {
        var start = place
        let data = Array("<![CDATA[".utf8)
        var end: Int
        if bytes[start...].starts(with: data) {
            start += data.count
            end = start
            while end < bytes.count, !bytes[end...].starts(with: "]]>".utf8) { end += 1 }
        } else {
            end = bytes[start...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
            // A placeholder such as <password> is followed by what it is in.
            guard
                end < bytes.count
                    ? bytes[end...].starts(with: "</".utf8) : !"@/:".utf8.contains(bytes.dropFirst(start).first ?? 0x2F)
            else { return nil }
        }
        while start < end, bytes[start].isSpace { start += 1 }
        while end > start, bytes[end - 1].isSpace { end -= 1 }
        return start < end ? start..<end : nil
    }

    /// Where the value of a pair begins whose name this is: `name: DB_PASS` and then `value: …`, `key="…" value="…"`. nil
    /// where it is none; within that nil where the text ends before the value.
    var pairedValue: Int?? {
        var before = range.lowerBound
        while before > 0, "\"'\\ ".utf8.contains(bytes[before - 1]) { before -= 1 }
        guard before > 0, ":=".utf8.contains(bytes[before - 1]) else { return nil }
        before -= 1
        while before > 0, "\"'\\ ".utf8.contains(bytes[before - 1]) { before -= 1 }
        guard ["name", "key"].contains(where: { ends(before, with: $0) }) else { return nil }
        var place = range.upperBound
        if bytes[place...].starts(with: "\">".utf8) || bytes[place...].starts(with: "'>".utf8) { return place + 2 }
        while place < bytes.count, place - range.upperBound < 128,
            bytes[place].isSpace || "\"'\\,".utf8.contains(bytes[place])
        {
            place += 1
        }
        guard place + 6 < bytes.count else {
            let rest = bytes[place...]
            return rest.count <= 6 && "value:".utf8.starts(with: rest.map { $0 | 0x20 }) ? .some(nil) : nil
        }
        guard bytes[place..<place + 5].elementsEqual("value".utf8, by: { $0 | 0x20 == $1 }) else { return nil }
        place += 5
        while place < bytes.count, "\"'\\ ".utf8.contains(bytes[place]) { place += 1 }
        guard place < bytes.count, ":=".utf8.contains(bytes[place]) else { return nil }
        place += 1
        Spelling.skipBlanks(bytes, &place)
        return .some(place < bytes.count ? place : nil)
    }

    private func ends(_ end: Int, with word: String) -> Bool {
        let start = end - word.utf8.count
        guard start >= 0, bytes[start..<end].elementsEqual(word.utf8, by: { $0 | 0x20 == $1 }) else { return false }
        return start == 0 || !bytes[start - 1].isAlphanumeric
    }

    // MARK: names with a blank behind them

    /// SQL's `IDENTIFIED BY '…'`.
    var isIdentifiedBy: Bool { isNamed("identified") }

    private func isNamed(_ word: String) -> Bool {
        range.count == word.utf8.count && bytes[range].elementsEqual(word.utf8, by: { $0 | 0x20 == $1 })
    }

    /// The quoted text behind so many words, of which the name is the first.
    func quotedBehindWords(_ count: Int) -> (range: Range<Int>, isDelimited: Bool)? {
        var place = range.upperBound
        for _ in 1..<count {
            Spelling.skipBlanks(bytes, &place)
            while place < bytes.count, bytes[place].isLetter { place += 1 }
        }
        let afterWords = place
        Spelling.skipBlanks(bytes, &place)
        guard place > afterWords, place < bytes.count, bytes[place] == UInt8(ascii: "'") else { return nil }
        return ValueText.read(bytes, place, false)
    }

    /// netrc's `login U password X`, SQL's `PASSWORD '…'`, and Redis' `requirepass …`.
    func valueBehindBlank(_ strength: TellingNames.Strength) -> (range: Range<Int>, isDelimited: Bool)? {
        var place = range.upperBound
        Spelling.skipBlanks(bytes, &place)
        guard place > range.upperBound, place < bytes.count, strength == .password || isNamed("masterauth") else {
            return nil
        }
        if isNamed("password"), let quoted = quotedBehindWords(1) {
            return bytes[quoted.range].contains(where: \.isSpace) ? nil : quoted
        }
        let isRedis = (isNamed("requirepass") || isNamed("masterauth")) && isFirstInLine
        guard isRedis || isNamed("password") && isOfNetrc(place) else { return nil }
        let end = bytes[place...].firstIndex(where: \.isSpace) ?? bytes.count
        return (place..<end, true)
    }

    /// True behind a machine and a login, or alone in a line that holds nothing but the value.
    private func isOfNetrc(_ value: Int) -> Bool {
        let before = bytes[max(0, range.lowerBound - 256)..<range.lowerBound].split(whereSeparator: \.isSpace)
        if before.contains(where: { $0.elementsEqual("machine".utf8) || $0.elementsEqual("default".utf8) }),
            let word = before.dropLast().last,
            ["login", "machine", "account"].contains(where: { word.elementsEqual($0.utf8) })
                || before.last?.elementsEqual("default".utf8) == true
        {
            return true
        }
        guard isFirstInLine else { return false }
        let end = bytes[value...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
        let line = bytes[value..<end]
        return !line.contains(where: \.isSpace) && line.contains { !$0.isLetter }
    }
}
