/// Reads one JSON value (RFC 8259), strictly. The positions of its events are bytes.
struct JSONEventReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// The collections that are open, innermost last; true for an object.
    private var isObject: [Bool] = []
    /// Holds a string's text where it is written with escapes.
    private var unescaped: [UInt8] = []

    static func read<Sink: EventSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) throws(EditFault) {
        var reader = JSONEventReader(bytes)
        try reader.value(into: &sink)
        while let object = reader.isObject.last { try reader.rest(ofObject: object, into: &sink) }
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.fault("a second value stands here") }
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private func fault(_ words: String) -> EditFault { EditFault(.syntax(words), at: position) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// A value that is whole, or the opening of a collection with its first element.
    private mutating func value<Sink: EventSink>(into sink: inout Sink) throws(EditFault) {
        while true {
            skipSpace()
            let start = position
            switch next {
            case UInt8(ascii: "\""): return try string(into: &sink)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let object = bytes[position] == UInt8(ascii: "{")
                position += 1
                let span = Span(start: start, end: position)
                try sink.take(ManifestEvent(kind: object ? .mappingStart : .sequenceStart, isFlow: true, span: span))
                isObject.append(object)
                skipSpace()
                if next == (object ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return try close(into: &sink) }
                if object { try key(into: &sink) }
            default:
                try literal()
                let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
                return try sink.take(ManifestEvent(kind: .scalar, text: text, span: Span(start: start, end: position)))
            }
        }
    }

    /// What follows an element: the collection's end, or a comma and the next element.
    private mutating func rest<Sink: EventSink>(ofObject object: Bool, into sink: inout Sink) throws(EditFault) {
        skipSpace()
        if next == (object ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return try close(into: &sink) }
        guard next == UInt8(ascii: ",") else { throw fault("a comma or the collection's end is expected") }
        position += 1
        if object { try key(into: &sink) }
        try value(into: &sink)
    }

    private mutating func close<Sink: EventSink>(into sink: inout Sink) throws(EditFault) {
        position += 1
        isObject.removeLast()
        try sink.take(ManifestEvent(kind: .collectionEnd, span: Span(start: position - 1, end: position)))
    }

    private mutating func key<Sink: EventSink>(into sink: inout Sink) throws(EditFault) {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw fault("a key in quotes is expected") }
        try string(into: &sink)
        skipSpace()
        guard next == UInt8(ascii: ":") else { throw fault("a colon is expected") }
        position += 1
    }

    private mutating func literal() throws(EditFault) {
        let start = position
        while let byte = next, JSONSyntax.isLiteralByte(byte) { position += 1 }
        guard JSONSyntax.isLiteral(bytes[start..<position]) else {
            position = start
            throw fault("a value is expected")
        }
    }

    private mutating func string<Sink: EventSink>(into sink: inout Sink) throws(EditFault) {
        let start = position
        position += 1
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw fault("a control character stands in a string") }
            guard byte != UInt8(ascii: "\\") else { return try escapedString(from: start, into: &sink) }
            position += 1
        }
        guard position < bytes.count else { throw fault("a string does not end") }
        let text = UnsafeBufferPointer(rebasing: bytes[(start + 1)..<position])
        position += 1
        let span = Span(start: start, end: position)
        try sink.take(ManifestEvent(kind: .scalar, style: .quoted, text: text, span: span))
    }

    /// The string that begins at `start`, the first of its escapes at the current position.
    private mutating func escapedString<Sink: EventSink>(from start: Int, into sink: inout Sink) throws(EditFault) {
        unescaped.removeAll(keepingCapacity: true)
        unescaped += bytes[(start + 1)..<position]
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw fault("a control character stands in a string") }
            if byte == UInt8(ascii: "\\") {
                guard let escape = JSONSyntax.escape(in: bytes[position...]) else { throw fault("an unknown escape") }
                unescaped += escape.text
                position += escape.length
            } else {
                unescaped.append(byte)
                position += 1
            }
        }
        guard position < bytes.count else { throw fault("a string does not end") }
        position += 1
        let span = Span(start: start, end: position)
        // The text is lent out of a copy: the reader itself may not be read while its own buffer is lent.
        let lent = unescaped
        var thrown: EditFault?
        lent.withUnsafeBufferPointer { text in
            do throws(EditFault) {
                try sink.take(ManifestEvent(kind: .scalar, style: .quoted, text: text, span: span))
            } catch { thrown = error }
        }
        if let thrown { throw thrown }
    }
}
