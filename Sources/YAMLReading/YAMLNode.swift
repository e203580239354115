/// A YAML document as a tree that knows where each part stands, so that a fault can be told by its line and column.
public struct YAMLNode: Sendable {
    public indirect enum Content: Sendable {
        /// A scalar's text; `isPlain` where it stands without quotes, so that `null` and `"null"` can be told apart.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    /// One key of a mapping and its value.
    public struct Entry: Sendable {
        public let key: String
        public let keyPlace: YAMLPlace
        public let value: YAMLNode
    }

    public let content: Content
    public let place: YAMLPlace
    /// From where to where a scalar stands in the text, in code points, its quotes included; of a collection, its beginning. Of an
    /// alias, that of its anchor.
    let span: Range<Int>

    /// The entries of a mapping; nil for anything else.
    public var entries: [Entry]? {
        guard case .mapping(let entries) = content else { return nil }
        return entries
    }

    /// The elements of a sequence; nil for anything else.
    public var elements: [YAMLNode]? {
        guard case .sequence(let elements) = content else { return nil }
        return elements
    }

    /// The text of a scalar that is not null; nil for anything else.
    public var text: String? {
        guard case .scalar(let text, _) = content, !isNull else { return nil }
        return text
    }

    /// YAML 1.1's booleans as Kubernetes reads them; nil for anything else, quoted words included.
    public var bool: Bool? {
        guard case .scalar(let text, isPlain: true) = content else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on", "y": return true
        case "false", "no", "off", "n": return false
        default: return nil
        }
    }

    /// True for a plain scalar that says nothing: empty, `~`, `null`.
    public var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The value under a mapping's key; nil where there is none or it is null.
    public subscript(key: String) -> YAMLNode? {
        guard let value = entries?.first(where: { $0.key == key })?.value, !value.isNull else { return nil }
        return value
    }
}

/// A place in a text: line and column, both from 1, the column in code points.
public struct YAMLPlace: Hashable, Sendable, CustomStringConvertible {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public var description: String { "\(line):\(column)" }
}

/// Why a text could not be read as YAML, and where.
public struct YAMLFault: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// libyaml's own words.
        case syntax(String)
        case duplicateKey(String)
        /// A mapping's key that is no scalar.
        case keyIsNotText
        case unknownAlias(String)
        case tooDeep(limit: Int)
        /// Aliases that expand to more than any real document holds.
        case tooLarge(limit: Int)
        case severalDocuments
        case outOfMemory
    }

    public let reason: Reason
    public let place: YAMLPlace

    public init(_ reason: Reason, at place: YAMLPlace) {
        self.reason = reason
        self.place = place
    }
}

extension YAMLFault: CustomStringConvertible {
    /// "LINE:COLUMN: CAUSE".
    public var description: String { "\(place): \(cause)" }

    /// What is wrong, without the place.
    public var cause: String {
        switch reason {
        case .syntax(let words): words
        case .duplicateKey(let key): "the key \"\(key)\" stands here a second time"
        case .keyIsNotText: "a mapping's key must be text"
        case .unknownAlias(let name): "the alias *\(name)* has no anchor before it"
        case .tooDeep(let limit): "nested deeper than \(limit) levels"
        case .tooLarge(let limit): "its aliases expand to more than \(limit) nodes"
        case .severalDocuments: "a second document begins here, one is expected"
        case .outOfMemory: "out of memory"
        }
    }
}
