/// Where one object stands in a document, and the parts of it that decide how it is annotated.
struct ObjectSite {
    var mapping: MappingSite
    /// The number of its anchor.
    let anchor: Int?
    var apiVersion: Slot?
    var kind: Slot?
    var items: Slot?
    var metadata: Slot?
    var metadataMapping: MappingSite?
    var annotations: Slot?
    var annotationsMapping: MappingSite?
    /// Our annotations that stand there already, by their index.
    var ours: [Int: Slot] = [:]
    var merges: [Merge] = []
    /// The first thing about it that makes annotating it unsafe.
    var fault: EditFault?
    /// The keys and values of all its annotations, in bytes.
    var annotationBytes = 0

    /// Everything in its metadata but the annotations.
    var metadataDigest: EventDigest
    /// Its annotations that are not ours.
    var annotationsDigest: EventDigest

    /// A key of interest and its value.
    struct Slot {
        let key: Span
        let value: Span
        let form: Form
        let anchor: Int?
        let isTagged: Bool
    }

    enum Form {
        case null
        case scalar(String, ManifestEvent.Style)
        case mapping
        case sequence
        case alias(String)
    }

    /// A merge key in the object, its metadata or its annotations.
    struct Merge {
        let part: ObjectPart
        let place: Int
        /// The alias that is merged; nil for anything else.
        let alias: String?
    }
}

/// The mappings of an object in which keys are looked for.
enum ObjectPart { case object, metadata, annotations }

/// Where a mapping stands.
struct MappingSite {
    let start: Int
    /// In braces.
    let isFlow: Bool
    /// nil for a mapping without entries.
    var firstKey: Span?
    var end: Span
}
