import ManifestEditing

/// What the tests put on every object.
enum Fixtures {
    static func editor() throws -> ManifestEditor {
        try ManifestEditor([
            ManifestAnnotation(key: "byline.dev/model", value: "claude-opus-4"),
            ManifestAnnotation(key: "byline.dev/prompt-id", value: "p-1"),
        ])
    }

    /// One small object.
    static func object(_ name: String) -> String {
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \(name)\n"
    }

    /// The small object, annotated.
    static func annotated(_ name: String) -> String {
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          annotations:
            byline.dev/model: "claude-opus-4"
            byline.dev/prompt-id: "p-1"
          name: \(name)

        """
    }
}
