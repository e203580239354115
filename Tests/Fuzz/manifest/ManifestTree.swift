import YAMLReading

/// A document's content, without where anything stands.
indirect enum ManifestTree: Equatable {
    case scalar(String, isPlain: Bool)
    case list([ManifestTree])
    case mapping([String: ManifestTree])

    init(_ node: YAMLNode) {
        switch node.content {
        case .scalar(let text, let isPlain): self = .scalar(text, isPlain: isPlain)
        case .sequence(let elements): self = .list(elements.map(ManifestTree.init))
        case .mapping(let entries):
            self = .mapping(Dictionary(entries.map { ($0.key, ManifestTree($0.value)) }) { first, _ in first })
        }
    }

    private var entries: [String: ManifestTree]? {
        guard case .mapping(let entries) = self else { return nil }
        return entries
    }

    private var isNothing: Bool {
        if case .scalar(let text, isPlain: true) = self { return ["", "~", "null", "Null", "NULL"].contains(text) }
        return entries?.isEmpty ?? false
    }

    /// Annotations with what a merge key brings in.
    private var merged: [String: ManifestTree]? {
        guard var all = entries else { return nil }
        guard let brought = all.removeValue(forKey: "<<") else { return all }
        guard let brought = brought.merged else { return entries }
        return brought.merging(all) { _, own in own }
    }

    /// The document without annotations of these keys on it or on a list's items; metadata that holds nothing is none.
    func withoutAnnotations(_ ours: [String: String]) -> ManifestTree {
        guard var object = entries else { return self }
        if var metadata = object["metadata"]?.entries {
            if let annotations = metadata["annotations"]?.merged {
                metadata["annotations"] = .mapping(annotations.filter { ours[$0.key] == nil })
            }
            if metadata["annotations"]?.isNothing == true { metadata["annotations"] = nil }
            object["metadata"] = .mapping(metadata)
        }
        if object["metadata"]?.isNothing == true { object["metadata"] = nil }
        if case .list(let items) = object["items"] {
            object["items"] = .list(items.map { $0.withoutAnnotations(ours) })
        }
        return .mapping(object)
    }

    /// How many objects, the document itself and a list's items, carry these annotations.
    func annotated(with ours: [String: String]) -> Int {
        let held = entries?["metadata"]?.entries?["annotations"]?.merged ?? [:]
        let carries = ours.allSatisfy { key, value in
            guard case .scalar(let text, _) = held[key] else { return false }
            return text == value
        }
        var count = carries ? 1 : 0
        if case .list(let items) = entries?["items"] { for item in items { count += item.annotated(with: ours) } }
        return count
    }
}
