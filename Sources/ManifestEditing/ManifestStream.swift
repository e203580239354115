/// A manifest stream that is edited document by document, as its bytes arrive. It holds no more than the document that
/// is under way and what was appended last.
public struct ManifestStream: Sendable {
    private let editor: DocumentEditor
    private var splitter = ManifestSplitter()
    private var text = Text.unknown([])
    /// What stands before the next document and belongs to none: UTF-16's byte order mark.
    private var lead: [UInt8] = []
    /// The line on which the text ended that could be decoded.
    private var line = 1

    private enum Text {
        /// Too few bytes have arrived to tell.
        case unknown([UInt8])
        case utf8
        case utf16(UTF16Decoder)
        case unreadable
    }

    init(_ editor: DocumentEditor) { self.editor = editor }

    /// - Returns: the documents that are whole by now.
    public mutating func append(_ bytes: [UInt8]) -> [EditedDocument] { take(bytes, isEnd: false) }

    /// - Returns: the last document, if any.
    public mutating func finish() -> [EditedDocument] {
        var documents = take([], isEnd: true)
        switch text {
        case .unreadable: break
        case .utf16(let decoder) where !decoder.held.isEmpty: documents += giveUp(before: decoder.held)
        default: documents += splitter.finish().map { edited($0) }
        }
        if !lead.isEmpty { documents.append(passed(lead, .untouched(.empty))) }
        lead = []
        return documents
    }

    private mutating func take(_ bytes: [UInt8], isEnd: Bool) -> [EditedDocument] {
        switch text {
        case .unknown(let held):
            let all = held + bytes
            guard all.count >= 2 || isEnd else {
                text = .unknown(all)
                return []
            }
            return begin(with: all)
        case .utf8: return splitter.append(bytes).map { edited($0) }
        case .utf16(var decoder):
            let (decoded, unreadable) = decoder.decode(bytes)
            text = .utf16(decoder)
            let documents = splitter.append(decoded).map { edited($0) }
            return documents + (unreadable.map { giveUp(before: $0) } ?? [])
        case .unreadable: return bytes.isEmpty ? [] : [passed(bytes, .untouched(.afterUnreadableText))]
        }
    }

    private mutating func begin(with bytes: [UInt8]) -> [EditedDocument] {
        switch TextEncoding(firstBytes: bytes) {
        case .utf8:
            text = .utf8
            return take(bytes, isEnd: false)
        case .utf16(let isBigEndian):
            lead = Array(bytes.prefix(2))
            text = .utf16(UTF16Decoder(isBigEndian: isBigEndian))
            return take(Array(bytes.dropFirst(2)), isEnd: false)
        }
    }

    /// Refuses from the document on in which the text is no text.
    private mutating func giveUp(before unreadable: [UInt8]) -> [EditedDocument] {
        let encoding = encoding
        let readable = splitter.finish()
        text = .unreadable
        var documents = readable.dropLast().map { edited($0) }
        let last = readable.last
        let map = (last?.bytes ?? []).withUnsafeBufferPointer { bytes in
            CharacterMap(ofBytes: bytes).place(ofByte: bytes.count, firstLine: line)
        }
        let refusal = ManifestRefusal(.notUTF16, at: map)
        documents.append(passed(lead + encoding.encode(last?.bytes ?? []) + unreadable, .refused([refusal])))
        lead = []
        return documents
    }

    private var encoding: TextEncoding {
        guard case .utf16(let decoder) = text else { return .utf8 }
        return .utf16(isBigEndian: decoder.isBigEndian)
    }

    private func passed(_ bytes: [UInt8], _ outcome: EditedDocument.Outcome) -> EditedDocument {
        EditedDocument(bytes: bytes, line: line, outcome: outcome, changes: [])
    }

    private mutating func edited(_ piece: ManifestSplitter.Piece) -> EditedDocument {
        let encoding = encoding
        let before = lead
        lead = []
        line = piece.line + piece.bytes[piece.bodyStart...].lineFeeds
        if let place = piece.textAfterSeparator {
            return EditedDocument(
                bytes: before + encoding.encode(piece.bytes), line: place.line,
                outcome: .refused([ManifestRefusal(.textAfterSeparator, at: place)]), changes: [])
        }
        return piece.bytes.withUnsafeBufferPointer { bytes in
            let body = UnsafeBufferPointer(rebasing: bytes[piece.bodyStart...])
            let result = editor.edit(body, as: piece.format, line: piece.line)
            let head = before + encoding.encode(bytes[..<piece.bodyStart])
            let changes = result.edits.map { edit in
                return ManifestChange(
                    offset: before.count + encoding.length(bytes[..<(piece.bodyStart + edit.range.lowerBound)]),
                    removed: encoding.encode(body[edit.range]), inserted: encoding.encode(edit.inserted))
            }
            let text = result.text.map { encoding.encode($0) } ?? encoding.encode(body)
            return EditedDocument(
                bytes: head.isEmpty ? text : head + text, line: piece.line, outcome: result.outcome, changes: changes)
        }
    }
}
