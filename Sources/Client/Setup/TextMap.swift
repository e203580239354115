import YAMLReading

/// Where things stand in a text of YAML, in bytes.
struct TextMap {
    private let bytes: [UInt8]
    private var lines: [Int] = [0]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { lines.append(offset + 1) }
    }

    var hasCRLF: Bool {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")), end > 0 else { return false }
        return bytes[end - 1] == UInt8(ascii: "\r")
    }

    /// The brace that begins the whole text, where it is JSON or written like it.
    var firstBrace: Int? {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        for line in lines {
            let text = bytes[max(line, start)...].drop { $0 == 0x20 || $0 == 0x09 }
            guard let first = text.first, first != UInt8(ascii: "#"), first != 0x0A, first != 0x0D else { continue }
            if text.starts(with: Array("---".utf8)) { continue }
            return first == UInt8(ascii: "{") ? text.startIndex : nil
        }
        return nil
    }

    var isFlow: Bool { firstBrace != nil }

    /// Columns count code points; the place of a fault in them is found by reading the text again after a change.
    func offset(of place: YAMLPlace) -> Int {
        guard place.line <= lines.count else { return bytes.count }
        var offset = lines[place.line - 1]
        var column = 1
        while column < place.column, offset < bytes.count {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            column += 1
        }
        return offset
    }

    func lineStart(of offset: Int) -> Int { lines.last { $0 <= offset } ?? 0 }
    func column(of offset: Int) -> Int { offset - lineStart(of: offset) }

    /// Behind the colon of a key.
    func end(ofKey entry: YAMLNode.Entry) -> Int {
        var offset = offset(of: entry.keyPlace) + entry.key.utf8.count
        while offset < bytes.count, bytes[offset] != UInt8(ascii: ":") { offset += 1 }
        return min(offset + 1, bytes.count)
    }

    /// The dash of the item that begins there; nil where it has none.
    func dash(before offset: Int) -> Int? {
        var place = offset - 1
        while place >= 0, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place -= 1 }
        guard place >= 0, bytes[place] == UInt8(ascii: "-") else { return nil }
        return place
    }

    func comma(before offset: Int) -> Int { bytes[..<offset].lastIndex(of: UInt8(ascii: ",")) ?? offset }

    /// The start of the line behind an item of a block list: everything indented deeper belongs to it, blank lines at
    /// its end do not.
    func endOfItem(dash: Int) -> Int {
        let indent = column(of: dash)
        var end = nextLine(after: dash)
        var line = end
        while line < bytes.count {
            let text = bytes[line...].prefix { $0 != 0x0A }
            let content = text.drop { $0 == 0x20 }
            let isBlank = content.isEmpty || content.elementsEqual([0x0D])
            if !isBlank, content.startIndex - line <= indent { break }
            line = nextLine(after: line)
            if !isBlank { end = line }
        }
        return end
    }

    private func nextLine(after offset: Int) -> Int { lines.first { $0 > offset } ?? bytes.count }

    /// The end of a plain or quoted word, or of nothing, on the line of a key.
    func endOfWord(from colon: Int) -> Int {
        var start = colon
        while start < bytes.count, bytes[start] == 0x20 { start += 1 }
        guard start < bytes.count, ![0x0A, 0x0D, UInt8(ascii: "#")].contains(bytes[start]) else { return colon }
        if bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") { return endOfQuotes(from: start) }
        let stops: [UInt8] = isFlow ? [0x20, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "}")] : [0x20, 0x0A, 0x0D]
        while start < bytes.count, !stops.contains(bytes[start]) { start += 1 }
        return start
    }

    private func endOfQuotes(from start: Int) -> Int {
        var place = start + 1
        while place < bytes.count, bytes[place] != bytes[start] {
            place += bytes[place] == UInt8(ascii: "\\") && bytes[start] == UInt8(ascii: "\"") ? 2 : 1
        }
        return min(place + 1, bytes.count)
    }

    /// Behind the bracket or brace that closes the first one from there on.
    func endOfBrackets(from start: Int) -> Int {
        var (place, depth) = (start, 0)
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                if depth <= 0 { return place + 1 }
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                place = endOfQuotes(from: place)
                continue
            default: break
            }
            place += 1
        }
        return place
    }
}
