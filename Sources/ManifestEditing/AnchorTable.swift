/// The anchors of a document so far, and which of them are used.
struct AnchorTable {
    /// What is known of the mappings that are anchored; an anchor on anything else is not kept.
    private var mappings: [String: KeySet] = [:]
    private var used: Set<String> = []

    mutating func define(_ anchor: String, mappingWith keys: KeySet?) { mappings[anchor] = keys }

    mutating func use(_ anchor: String) { used.insert(anchor) }

    func isUsed(_ anchor: String?) -> Bool { anchor.map(used.contains) ?? false }

    /// True where the anchor is a mapping that holds none of the keys.
    func isMapping(_ anchor: String?, without keys: KeySet) -> Bool {
        guard let anchor, let held = mappings[anchor] else { return false }
        return held.isDisjoint(with: keys)
    }
}
