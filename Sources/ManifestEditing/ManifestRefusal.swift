/// Why a document cannot be annotated safely, and where.
public struct ManifestRefusal: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// The parser's own words.
        case syntax(String)
        case notUTF8
        /// UTF-16 with half a surrogate pair, or an odd number of bytes.
        case notUTF16
        case outOfMemory
        case tooDeep(limit: Int)
        /// Text after a `---` that is no comment: kubectl refuses it too.
        case textAfterSeparator
        case duplicateKey(String)
        /// A key that is an alias, a collection or tagged as anything but text, where the key must be known.
        case unreadableKey
        /// A key without a colon behind it, as in `{annotations}`.
        case keyAlone
        /// A part of the object is written as an alias whose target cannot be extended here.
        case alias(name: String, part: String)
        /// A part of the object is anchored and used elsewhere too: annotating it would change the other place.
        case shared(anchor: String, part: String)
        /// A null that bears an anchor: what fills it would bear it too.
        case anchoredNull(anchor: String)
        /// A merge key that could bring in, or override, what is annotated.
        case mergeKey(part: String)
        /// `metadata`, `metadata.annotations` or `items` is something that Kubernetes does not accept there.
        case wrongShape(part: String)
        /// An annotation of ours whose value is no text on its line.
        case unreplaceableValue(key: String)
        case nestedList
        case itemIsNoObject
        /// More than Kubernetes accepts on one object.
        case annotationsTooLarge(limit: Int)
        /// The edited document did not read back as the same tree plus the annotations.
        case notVerified
    }

    public let reason: Reason
    public let place: ManifestPlace

    public init(_ reason: Reason, at place: ManifestPlace) {
        self.reason = reason
        self.place = place
    }
}

/// A place in a stream: line and column, both from 1, the column in code points.
public struct ManifestPlace: Hashable, Sendable, CustomStringConvertible {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public var description: String { "\(line):\(column)" }
}
