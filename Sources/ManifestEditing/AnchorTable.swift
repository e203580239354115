/// The anchors of a document so far, and which of them are used.
struct AnchorTable {
    private var numbers: [String: Int] = [:]
    private var names: [String] = []
    /// What is known of an anchor, by its number.
    private var anchors: [Anchor] = []

    private struct Anchor {
        /// The keys of the mapping that is anchored; nil for anything else, and before it is whole.
        var keys: KeySet?
        var isUsed = false
    }

    var isEmpty: Bool { names.isEmpty }

    mutating func number(of name: UnsafeBufferPointer<UInt8>) -> Int {
        let name = String(decoding: name, as: UTF8.self)
        if let number = numbers[name] { return number }
        numbers[name] = names.count
        names.append(name)
        anchors.append(Anchor())
        return names.count - 1
    }

    func name(of number: Int) -> String { names[number] }

    mutating func define(_ number: Int, mappingWith keys: KeySet?) { anchors[number].keys = keys }

    mutating func use(_ number: Int) { anchors[number].isUsed = true }

    func isUsed(_ number: Int) -> Bool { anchors[number].isUsed }

    /// True where the anchor is a mapping that holds none of the keys.
    func isMapping(_ name: String?, without keys: KeySet) -> Bool {
        guard let number = name.flatMap({ numbers[$0] }), let held = anchors[number].keys else { return false }
        return held.isDisjoint(with: keys)
    }
}
