/// The keys that matter, each with the bit that stands for it in a set.
struct KeyNames {
    static let apiVersion = 0, kind = 1, items = 2, metadata = 3, annotations = 4, merge = 5
    /// The first of our annotations; the others follow in their order.
    static let firstOfOurs = 6

    private let names: [[UInt8]]

    init(_ ours: [ManifestAnnotation]) {
        names =
            ["apiVersion", "kind", "items", "metadata", "annotations", "<<"].map { Array($0.utf8) }
            + ours.map { Array($0.key.utf8) }
    }

    func name(of text: UnsafeBufferPointer<UInt8>) -> Int? {
        for index in names.indices where names[index].count == text.count && text.elementsEqual(names[index]) {
            return index
        }
        return nil
    }

    func text(of name: Int) -> String { String(decoding: names[name], as: UTF8.self) }

    /// The names that one of an object's mappings must not be given by a merge.
    func decisive(in part: ObjectPart) -> KeySet {
        switch part {
        case .object: [Self.apiVersion, Self.kind, Self.items, Self.metadata, Self.merge]
        case .metadata: [Self.annotations, Self.merge]
        case .annotations: KeySet(KeyNames.firstOfOurs..<names.count).union([Self.merge])
        }
    }
}

/// A set of the keys that matter.
struct KeySet: ExpressibleByArrayLiteral {
    private var bits: UInt64 = 0

    init(arrayLiteral names: Int...) { for name in names { insert(name) } }

    init(_ names: Range<Int>) { for name in names { insert(name) } }

    mutating func insert(_ name: Int) { bits |= 1 << UInt64(name) }

    func union(_ other: KeySet) -> KeySet {
        var union = self
        union.bits |= other.bits
        return union
    }

    func isDisjoint(with other: KeySet) -> Bool { bits & other.bits == 0 }
}
