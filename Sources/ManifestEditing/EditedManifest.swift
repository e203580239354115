/// A manifest stream after editing. Its documents' bytes, one after the other, are the whole stream.
public struct EditedManifest: Sendable {
    public let documents: [EditedDocument]

    public var bytes: [UInt8] { documents.flatMap(\.bytes) }

    /// What could not be annotated. Where this is not empty the stream must not be sent as if it were annotated.
    public var refusals: [ManifestRefusal] {
        documents.flatMap { document -> [ManifestRefusal] in
            guard case .refused(let refusals) = document.outcome else { return [] }
            return refusals
        }
    }
}

/// One document of a stream, with the separator before it.
public struct EditedDocument: Sendable {
    public enum Outcome: Hashable, Sendable {
        /// Each of its objects now carries the annotations.
        case annotated(objects: Int)
        /// There is nothing to annotate; the bytes are the original's.
        case untouched(UntouchedReason)
        /// It cannot be annotated safely; the bytes are the original's.
        case refused([ManifestRefusal])
    }

    public enum UntouchedReason: Hashable, Sendable {
        /// Nothing, or comments only.
        case empty
        /// It has no `apiVersion` and `kind`.
        case notAnObject
        /// A kind that the API server does not keep as an object of its own, or a program's configuration file.
        case notKept(kind: String)
        /// A list without items that are to be annotated.
        case emptyList
        /// Every object carries these very annotations.
        case alreadyAnnotated
        /// The text before it could not be decoded, so nothing is known about it.
        case afterUnreadableText
    }

    public let bytes: [UInt8]
    /// The line of the stream on which the document begins, from 1.
    public let line: Int
    public let outcome: Outcome
    /// What was changed, in the order of the offsets.
    public let changes: [ManifestChange]

    /// The bytes as they came: the changes taken back.
    public var original: [UInt8] {
        var original: [UInt8] = []
        original.reserveCapacity(bytes.count)
        var copied = 0
        for change in changes {
            let here = copied + change.offset - original.count
            original += bytes[copied..<here]
            original += change.removed
            copied = here + change.inserted.count
        }
        return original + bytes[copied...]
    }
}

/// One place at which a document's bytes were changed.
public struct ManifestChange: Hashable, Sendable {
    /// Where, in bytes from the beginning of the document as it came, the separator before it included.
    public let offset: Int
    /// The bytes taken away: empty, or a value of ours that is replaced, or a null written out.
    public let removed: [UInt8]
    public let inserted: [UInt8]
}
