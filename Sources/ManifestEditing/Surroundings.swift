/// What a document looks like around a place, so that what is inserted looks alike.
struct Surroundings {
    let bytes: UnsafeBufferPointer<UInt8>
    let map: CharacterMap
    /// The document's first key.
    let rootKey: Span?

    /// The line ending in use at a byte: the one before it, else the one after it.
    func newline(at byte: Int) -> [UInt8] {
        if let feed = bytes[..<byte].lastIndex(of: 0x0A) ?? bytes[byte...].firstIndex(of: 0x0A) {
            return feed > 0 && bytes[feed - 1] == 0x0D ? [0x0D, 0x0A] : [0x0A]
        }
        return bytes.contains(0x0D) ? [0x0D] : [0x0A]
    }

    /// The spaces and tabs between a line's start and a byte; nil where anything else stands there too.
    func indent(before byte: Int) -> [UInt8]? {
        var start = byte
        while start > 0, isBlank(bytes[start - 1]) { start -= 1 }
        guard start > 0, isBreak(bytes[start - 1]) else { return nil }
        return Array(bytes[start..<byte])
    }

    /// The last byte before a byte that is neither space nor tab.
    func visible(before byte: Int) -> UInt8? {
        bytes[..<byte].last { !isBlank($0) }
    }

    /// Where the entry of a key begins: at the key, or at the question mark of an explicit one (`? key`).
    func entry(of key: Span) -> (start: Int, column: Int) {
        let start = map.byte(key.start)
        guard let mark = bytes[..<start].lastIndex(where: { !isBlank($0) }), bytes[mark] == UInt8(ascii: "?") else {
            return (start, key.column)
        }
        return (mark, key.column - (start - mark))
    }

    /// Where a byte's line ends, if only space and a comment stand before its end.
    func lineEnd(afterValueAt byte: Int) -> Int? {
        var end = byte
        while end < bytes.count, isBlank(bytes[end]) { end += 1 }
        guard end < bytes.count, !isBreak(bytes[end]) else { return end }
        guard bytes[end] == UInt8(ascii: "#"), end > byte else { return nil }
        while end < bytes.count, !isBreak(bytes[end]) { end += 1 }
        return end
    }

    /// How a mapping in braces is written, by its first key and by the first key of the mapping around it.
    func flowStyle(firstKey key: Span, outerKey: Span?) -> FlowStyle {
        let start = map.byte(key.start)
        let isQuoted = bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'")
        let colon = bytes[map.byte(key.end)...].firstIndex(of: UInt8(ascii: ":")) ?? start
        let isTight = isQuoted && colon + 1 < bytes.count && !isBlank(bytes[colon + 1]) && !isBreak(bytes[colon + 1])
        let indent = indent(before: start)
        return FlowStyle(
            quotesKeys: isQuoted, isSpaced: !isTight, indent: indent, unit: unit(below: indent, outerKey: outerKey),
            newline: newline(at: start))
    }

    /// By what inner mappings are indented: the step from the outer mapping to this one, or the document's first.
    private func unit(below indent: [UInt8]?, outerKey: Span?) -> [UInt8] {
        if let indent, let outer = outerKey.flatMap({ self.indent(before: map.byte($0.start)) }),
            indent.count > outer.count, indent.starts(with: outer)
        {
            return Array(indent.dropFirst(outer.count))
        }
        if let first = rootKey.flatMap({ self.indent(before: map.byte($0.start)) }), !first.isEmpty { return first }
        return Array("  ".utf8)
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
