/// Cuts a stream into documents, where kubectl cuts it (apimachinery's YAMLOrJSONDecoder, run with kubectl 1.37).
///
/// A stream whose first visible byte is `{` is read as JSON, one value after the other, until something is no JSON; from
/// there on, and in any other stream, documents are cut at the lines that begin with `---`.
struct ManifestSplitter {
    /// How far kubectl looks for the first visible byte.
    private static let guessingLimit = 4096

    struct Piece {
        /// Everything, so that the pieces one after the other are the stream.
        let bytes: [UInt8]
        /// Where the document begins; before it stand the separator and a byte order mark.
        let bodyStart: Int
        let format: DocumentEditor.Format
        /// The line on which the document begins.
        let line: Int
        /// Where text stands after the separator's `---`, if it does.
        let textAfterSeparator: ManifestPlace?
    }

    private enum Mode { case undecided, json, yaml }

    private var mode = Mode.undecided
    private var held: [UInt8] = []
    /// Where in the held bytes the next piece begins, where its body does, and from where on nothing was looked at.
    private var start = 0
    private var body = 0
    private var looked = 0
    private var boundary = JSONBoundary()
    private var isInValue = false
    private var line = 1
    private var badSeparator: ManifestPlace?

    mutating func append(_ bytes: [UInt8]) -> [Piece] {
        held += bytes
        return cut(isEnd: false)
    }

    mutating func finish() -> [Piece] {
        var pieces = cut(isEnd: true)
        if start < held.count { pieces.append(piece(upTo: held.count, as: .yaml)) }
        return pieces
    }

    private mutating func cut(isEnd: Bool) -> [Piece] {
        var pieces: [Piece] = []
        if mode == .undecided { decide(isEnd: isEnd) }
        if mode == .json { cutJSON(into: &pieces, isEnd: isEnd) }
        if mode == .yaml { cutYAML(into: &pieces, isEnd: isEnd) }
        if start > 0 {
            held.removeFirst(start)
            body -= start
            looked -= start
            start = 0
        }
        return pieces
    }

    private mutating func decide(isEnd: Bool) {
        guard isEnd || held.count >= TextEncoding.byteOrderMark.count else { return }
        if held.starts(with: TextEncoding.byteOrderMark) { body = TextEncoding.byteOrderMark.count }
        let first = held[body...].prefix(Self.guessingLimit).first { !Self.isSpace($0) }
        guard first != nil || isEnd || held.count >= Self.guessingLimit else {
            body = 0
            return
        }
        mode = first == UInt8(ascii: "{") ? .json : .yaml
        looked = body
    }

    private mutating func cutJSON(into pieces: inout [Piece], isEnd: Bool) {
        while looked < held.count {
            let byte = held[looked]
            if !isInValue {
                if Self.isSpace(byte) {
                    looked += 1
                    continue
                }
                guard byte == UInt8(ascii: "{") else { return goOnAsYAML() }
                isInValue = true
                boundary = JSONBoundary()
            }
            switch takeValue() {
            case .goesOn: break
            case .isNotJSON: return goOnAsYAML()
            case .ends:
                guard isJSON(held[body..<looked]) else { return goOnAsYAML() }
                pieces.append(piece(upTo: looked, as: .json))
                isInValue = false
            }
        }
        if isEnd, isInValue { goOnAsYAML() }
    }

    private mutating func takeValue() -> JSONBoundary.Verdict {
        var boundary = boundary
        var looked = looked
        let verdict: JSONBoundary.Verdict = held.withUnsafeBufferPointer { held in
            while looked < held.count {
                let verdict = boundary.take(held[looked])
                looked += 1
                if verdict != .goesOn { return verdict }
            }
            return .goesOn
        }
        self.boundary = boundary
        self.looked = looked
        return verdict
    }

    private func isJSON(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            var sink = IgnoredEvents()
            do throws(EditFault) {
                try JSONEventReader.read(bytes, into: &sink)
                return true
            } catch {
                return false
            }
        }
    }

    private mutating func goOnAsYAML() {
        mode = .yaml
        looked = body
    }

    /// `looked` is always a line's beginning here.
    private mutating func cutYAML(into pieces: inout [Piece], isEnd: Bool) {
        while let end = lineEnd(isEnd: isEnd) {
            if looked + 3 <= end, held[looked] == Self.dash, held[looked + 1] == Self.dash,
                held[looked + 2] == Self.dash
            {
                let separator = looked
                if separator > body || badSeparator != nil { pieces.append(piece(upTo: separator, as: .yaml)) }
                let linesBefore = held[start..<separator].lineFeeds
                if let column = Self.columnOfText(in: held[separator..<end]) {
                    badSeparator = ManifestPlace(line: line + linesBefore, column: column)
                }
                body = end
            }
            looked = end
        }
    }

    /// Past the line that begins where nothing was looked at yet; nil where the line is not whole, or there is none.
    private func lineEnd(isEnd: Bool) -> Int? {
        guard looked < held.count else { return nil }
        let end: Int? = held.withUnsafeBufferPointer { held in
            var end = looked
            while end < held.count {
                if held[end] == 0x0A { return end + 1 }
                end += 1
            }
            return nil
        }
        return end ?? (isEnd ? held.count : nil)
    }

    private mutating func piece(upTo end: Int, as format: DocumentEditor.Format) -> Piece {
        let mark = TextEncoding.byteOrderMark
        if body + mark.count <= end, held[body..<end].starts(with: mark) { body += mark.count }
        let lead = held[start..<body].lineFeeds
        let linesInBody = held[body..<end].lineFeeds
        // What is held is large where one document is: it is handed on then, not copied.
        let isAll = start == 0 && end == held.count
        let piece = Piece(
            bytes: isAll ? held : Array(held[start..<end]), bodyStart: body - start, format: format, line: line + lead,
            textAfterSeparator: badSeparator)
        line += lead + linesInBody
        if isAll { held = [] }
        start = isAll ? 0 : end
        body = start
        looked = start
        badSeparator = nil
        return piece
    }

    private static let dash = UInt8(ascii: "-")

    /// The column of what follows a separator's `---`; nil for nothing or a comment.
    private static func columnOfText(in line: ArraySlice<UInt8>) -> Int? {
        guard let text = line.dropFirst(3).firstIndex(where: { !isSpace($0) }), line[text] != UInt8(ascii: "#") else {
            return nil
        }
        return text - line.startIndex + 1
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
