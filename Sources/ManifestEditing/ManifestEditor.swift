/// Puts annotations on the objects of manifests, in place: it inserts bytes, replaces its own annotations' values, and
/// leaves every other byte as it is.
///
/// Only an object's own `metadata.annotations` is edited, never a pod template's. A list's items are edited one by one.
/// After each edit the document is read again: unless it holds the tree that it held before plus the annotations, the
/// document is refused and its bytes stay as they were.
public struct ManifestEditor: Sendable {
    /// How many annotations an editor takes.
    public static let maximumAnnotations = 32
    /// What Kubernetes allows the keys and values of an object's annotations together, in bytes.
    public static let maximumAnnotationBytes = 262_144

    let annotations: [ManifestAnnotation]
    /// Set for tests that compare the two ways to verify.
    package var verifiesWhole = false

    /// - Parameter annotations: what every object is to carry, in the order in which it is to be written.
    /// - Throws: a fault where the annotations cannot stand on one object together.
    public init(_ annotations: [ManifestAnnotation]) throws(ManifestAnnotationFault) {
        guard annotations.count <= Self.maximumAnnotations else { throw .tooMany(limit: Self.maximumAnnotations) }
        var keys: Set<String> = []
        var size = 0
        for annotation in annotations {
            guard keys.insert(annotation.key).inserted else { throw .duplicateKey(annotation.key) }
            size += annotation.key.utf8.count + annotation.value.utf8.count
        }
        guard size <= Self.maximumAnnotationBytes else { throw .tooLarge(limit: Self.maximumAnnotationBytes) }
        self.annotations = annotations
    }

    /// Begins a stream that is edited document by document, as its bytes arrive.
    public func stream() -> ManifestStream {
        ManifestStream(DocumentEditor(annotations: annotations, verifiesWhole: verifiesWhole))
    }

    /// Edits a whole stream held in memory.
    public func edit(_ bytes: [UInt8]) -> EditedManifest {
        var stream = stream()
        var documents = stream.append(bytes)
        documents += stream.finish()
        return EditedManifest(documents: documents)
    }
}
