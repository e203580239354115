public import Vocabulary

/// The annotations that name an object's author.
public enum ObjectAnnotations {
    /// The DNS prefix of their keys, where no other is set.
    public static let defaultPrefix = "byline.dev"

    /// The annotations for objects that are sent now, in the order in which they are written. What nobody claimed is
    /// left out.
    ///
    /// - Parameters:
    ///   - byline: who writes.
    ///   - session: the session's id.
    ///   - prefix: the DNS prefix of the keys.
    /// - Returns: keys and values.
    public static func of(
        _ byline: Byline, session: String?, prefix: String = defaultPrefix
    ) -> [(key: String, value: String)] {
        let values: [(name: String, value: String?)] = [
            ("model", byline[.model]?.value), ("prompt-id", byline[.promptID]?.value), ("session-id", session),
            ("agent", byline[.agentName]?.value ?? byline[.agentID]?.value),
        ]
        return values.compactMap { entry in entry.value.map { ("\(prefix)/\(entry.name)", $0) } }
    }
}
