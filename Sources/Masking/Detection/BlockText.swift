/// The value of a YAML key that stands in the lines below it: a block scalar (`|`, `>-`), or a text on the next line.
struct BlockText {
    /// From the first byte of the text to the end of its last line; nil where the text ends before it.
    private(set) var text: Range<Int>?
    private(set) var firstLine: (range: Range<Int>, isDelimited: Bool)?
    /// True where the block may go on.
    private(set) var isOpen = true

    /// nil where none begins behind a separator.
    init?(_ bytes: UnsafeRawBufferPointer, _ name: NameInText, behind separator: Int) {
        var place = separator
        guard name.isFirstInLine else { return nil }
        if place < bytes.count, "|>".utf8.contains(bytes[place]) {
            place += 1
            while place < bytes.count, "+-123456789".utf8.contains(bytes[place]) { place += 1 }
        }
        let isScalar = place > separator
        while place < bytes.count, bytes[place] == 0x20 || bytes[place] == 0x0D { place += 1 }
        guard place < bytes.count else {
            if isScalar { return }
            return nil
        }
        guard bytes[place] == 0x0A else { return nil }
        var indent = name.range.lowerBound - name.lineStart
        if bytes[name.range.lowerBound - (indent > 0 ? 1 : 0)] == UInt8(ascii: "\"") { indent -= 1 }
        place += 1
        while place < bytes.count {
            let end = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count
            let content = bytes[place..<end].firstIndex { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
            guard let content else {
                place = end + 1
                continue
            }
            guard content - place > indent else {
                isOpen = false
                break
            }
            let last = bytes[content..<end].lastIndex { $0 != 0x20 && $0 != 0x0D }.map { $0 + 1 } ?? end
            if firstLine == nil { firstLine = (content..<last, true) }
            text = (text?.lowerBound ?? content)..<last
            // Without a sign the value is one line, and what looks like a key or a list is none.
            if !isScalar {
                let line = bytes[content..<last]
                guard !line.contains(UInt8(ascii: ":")), !"-{[#".utf8.contains(bytes[content]) else { return nil }
                isOpen = end == bytes.count
                break
            }
            place = end + 1
        }
        if text == nil, !isOpen { return nil }
        if text == nil, !isScalar { return nil }
    }
}
