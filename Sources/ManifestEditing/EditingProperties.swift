/// What must hold whatever bytes come in: the one entry for fuzzing and for tests over corpora.
package enum EditingProperties {
    /// - Parameters:
    ///   - bytes: any stream.
    ///   - editor: what edits it.
    ///   - chunk: in pieces of how many bytes it is given to the editor; nil for all at once.
    /// - Returns: the property that does not hold; nil where all do.
    package static func violation(_ bytes: [UInt8], editor: ManifestEditor, chunk: Int? = nil) -> String? {
        let edited = editor.edit(bytes)
        guard edited.documents.flatMap(\.original) == bytes else { return "taking the changes back gives other bytes" }
        for document in edited.documents {
            if case .annotated = document.outcome { continue }
            guard document.changes.isEmpty else { return "a document that is not annotated was changed" }
        }
        var thorough = editor
        thorough.verifiesWhole = true
        let verified = thorough.edit(bytes)
        guard verified.documents.map(\.outcome) == edited.documents.map(\.outcome) else {
            return "reading an edited document to its end gives another verdict"
        }
        let twice = editor.edit(edited.bytes)
        guard twice.bytes == edited.bytes else { return "editing twice gives other bytes than editing once" }
        guard let chunk else { return nil }
        var stream = editor.stream()
        var pieces: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: max(chunk, 1)) {
            let part = Array(bytes[start..<min(start + max(chunk, 1), bytes.count)])
            pieces += stream.append(part).flatMap(\.bytes)
        }
        pieces += stream.finish().flatMap(\.bytes)
        return pieces == edited.bytes ? nil : "editing in pieces gives other bytes than editing the whole"
    }
}
