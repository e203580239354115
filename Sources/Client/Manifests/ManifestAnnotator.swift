import ManifestEditing
import Tagging
import Vocabulary

/// Annotates whole manifests, from one place to another.
struct ManifestAnnotator: Sendable {
    private let editor: ManifestEditor

    /// An annotator that names an author.
    ///
    /// - Parameters:
    ///   - byline: who writes.
    ///   - session: the session's id, where there is one.
    ///   - prefix: the DNS prefix of the annotations.
    /// - Throws: `ClientFault` where nobody is named, or the prefix is none.
    init(_ byline: Byline, session: String?, prefix: String) throws(ClientFault) {
        var annotations: [ManifestAnnotation] = []
        do throws(ManifestAnnotationFault) {
            for (key, value) in ObjectAnnotations.of(byline, session: session, prefix: prefix) {
                annotations.append(try ManifestAnnotation(key: key, value: value))
            }
            editor = try ManifestEditor(annotations)
        } catch { throw .manifest(.badAnnotation(error)) }
        guard !annotations.isEmpty else { throw .manifest(.nobodyWrites) }
    }

    /// What became of one manifest.
    struct Outcome {
        var refusals: [ManifestRefusal] = []
        /// False where every byte is as it was.
        var isChanged = false
    }

    /// Reads, and hands on what is to be written, document by document.
    func annotate(
        _ reading: borrowing ManifestReading, into write: ([UInt8]) throws(ClientFault) -> Void
    ) throws(ClientFault) -> Outcome {
        var stream = editor.stream()
        var outcome = Outcome()
        while let piece = try reading.piece() { try take(stream.append(piece), &outcome, write) }
        try take(stream.finish(), &outcome, write)
        return outcome
    }

    private func take(
        _ documents: [EditedDocument], _ outcome: inout Outcome, _ write: ([UInt8]) throws(ClientFault) -> Void
    ) throws(ClientFault) {
        for document in documents {
            try write(document.bytes)
            outcome.isChanged = outcome.isChanged || !document.changes.isEmpty
            if case .refused(let refusals) = document.outcome { outcome.refusals += refusals }
        }
    }
}
