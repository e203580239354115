/// What a parser meets in a document, in the order of the text.
struct ManifestEvent {
    enum Kind: UInt8 { case scalar, alias, mappingStart, sequenceStart, collectionEnd }

    /// How a scalar is written: without quotes it may mean a number, a boolean or null.
    enum Style: UInt8 { case plain, quoted, block }

    let kind: Kind
    var style = Style.plain
    /// True for a collection in brackets.
    var isFlow = false
    /// A scalar's text or an alias' name; valid only while the event is taken.
    var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var anchor: UnsafeBufferPointer<UInt8>?
    var tag: UnsafeBufferPointer<UInt8>?
    let span: Span

    /// A plain scalar that says nothing: empty, `~`, `null`.
    var isNull: Bool {
        guard kind == .scalar, style == .plain, tag == nil, text.count <= 4 else { return false }
        return text.isEmpty || ["~", "null", "Null", "NULL"].contains { text.elementsEqual($0.utf8) }
    }
}

/// Where something stands in a document, in the parser's units: code points for YAML, bytes for JSON.
struct Span {
    var start: Int
    var end: Int
    /// Code points from the beginning of the line; known for YAML only.
    var column = 0

    var isEmpty: Bool { start == end }
}

/// Takes a document's events one by one.
protocol EventSink {
    /// True once no further event is wanted.
    var isDone: Bool { get }

    mutating func take(_ event: ManifestEvent) throws(EditFault)
}

/// For when only the parser's verdict is wanted.
struct IgnoredEvents: EventSink {
    var isDone: Bool { false }

    mutating func take(_ event: ManifestEvent) {}
}

/// A refusal whose place is not yet a line and a column.
struct EditFault: Error {
    enum Position {
        /// In the parser's units.
        case unit(Int)
        case byte(Int)
    }

    let reason: ManifestRefusal.Reason
    let position: Position

    init(_ reason: ManifestRefusal.Reason, at unit: Int) {
        self.reason = reason
        position = .unit(unit)
    }

    init(_ reason: ManifestRefusal.Reason, atByte byte: Int) {
        self.reason = reason
        position = .byte(byte)
    }
}
