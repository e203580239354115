/// What is to be inserted into a mapping: entries, and mappings of entries.
enum Insertion: Sendable {
    case entry(key: WrittenText, value: WrittenText)
    indirect case mapping(key: WrittenText, [Insertion])

    var key: WrittenText {
        switch self {
        case .entry(let key, _), .mapping(let key, _): key
        }
    }
}

/// A key or a value as it is written, worked out once for all objects.
struct WrittenText: Sendable {
    let quoted: [UInt8]
    /// Without quotes where it means the same.
    let bare: [UInt8]

    init(_ text: String) {
        quoted = QuotedText.quoted(text)
        bare = QuotedText.isPlainText(text) ? Array(text.utf8) : quoted
    }
}

/// What an editor inserts: the entries, the mapping that holds them, and the metadata that holds that.
struct Insertions: Sendable {
    let entries: [Insertion]
    let annotations: Insertion
    let metadata: Insertion

    init(_ annotations: [ManifestAnnotation]) {
        entries = annotations.map { .entry(key: WrittenText($0.key), value: WrittenText($0.value)) }
        self.annotations = .mapping(key: WrittenText("annotations"), entries)
        metadata = .mapping(key: WrittenText("metadata"), [self.annotations])
    }
}

/// How a block mapping's entries are laid out.
struct BlockStyle {
    /// Spaces before each key.
    let indent: Int
    /// Spaces by which an inner mapping is deeper.
    let unit: Int
    let newline: [UInt8]

    /// The entries, each on its line; the first without its indent, the last without its line's end.
    func text(_ insertions: [Insertion]) -> [UInt8] {
        Array(insertions.map { text($0) }.joined(separator: lineStart))
    }

    var lineStart: [UInt8] { newline + Array(repeating: UInt8(ascii: " "), count: indent) }

    var inner: BlockStyle { BlockStyle(indent: indent + unit, unit: unit, newline: newline) }

    private func text(_ insertion: Insertion) -> [UInt8] {
        let key = insertion.key.bare
        switch insertion {
        case .entry(_, let value): return key + Array(": ".utf8) + value.quoted
        case .mapping(_, let entries): return key + [UInt8(ascii: ":")] + inner.lineStart + inner.text(entries)
        }
    }
}

/// How a mapping in braces is laid out: as JSON's writers, KYAML's and people do it.
struct FlowStyle {
    /// Keys in quotes, as in JSON.
    let quotesKeys: Bool
    /// A space after colons and commas.
    let isSpaced: Bool
    /// What stands before each key on its line; nil where the entries share one line.
    let indent: [UInt8]?
    /// By what an inner mapping's indent is longer.
    let unit: [UInt8]
    let newline: [UInt8]

    /// For a mapping in braces within a block mapping.
    static let oneLine = FlowStyle(quotesKeys: false, isSpaced: true, indent: nil, unit: [], newline: [])

    /// The entries with what separates them from an entry that follows.
    func leading(_ insertions: [Insertion]) -> [UInt8] { text(insertions) + separator }

    /// The entries alone.
    func text(_ insertions: [Insertion]) -> [UInt8] {
        Array(insertions.map { text($0) }.joined(separator: separator))
    }

    /// A whole mapping, its braces included.
    func braced(_ insertions: [Insertion]) -> [UInt8] {
        [UInt8(ascii: "{")] + content(insertions) + [UInt8(ascii: "}")]
    }

    /// What stands between a mapping's braces.
    func content(_ insertions: [Insertion]) -> [UInt8] {
        guard let indent else { return text(insertions) }
        // KYAML ends the last line with a comma as well; JSON must not.
        let last: [UInt8] = quotesKeys ? [] : [UInt8(ascii: ",")]
        return newline + inner.indentation + inner.text(insertions) + last + newline + indent
    }

    private var inner: FlowStyle {
        FlowStyle(
            quotesKeys: quotesKeys, isSpaced: isSpaced, indent: indent.map { $0 + unit }, unit: unit, newline: newline)
    }

    private var indentation: [UInt8] { indent ?? [] }

    private var separator: [UInt8] {
        let comma = UInt8(ascii: ",")
        if let indent { return [comma] + newline + indent }
        return isSpaced ? [comma, UInt8(ascii: " ")] : [comma]
    }

    private func text(_ insertion: Insertion) -> [UInt8] {
        let key = quotesKeys ? insertion.key.quoted : insertion.key.bare
        let colon: [UInt8] = isSpaced ? Array(": ".utf8) : [UInt8(ascii: ":")]
        switch insertion {
        case .entry(_, let value): return key + colon + value.quoted
        case .mapping(_, let entries): return key + colon + braced(entries)
        }
    }
}
