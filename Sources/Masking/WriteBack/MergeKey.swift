/// Finds an array's elements in the object: by the member that names them, as a strategic merge patch does, else by their order.
enum MergeKey {
    /// The merge keys of Kubernetes' own types, the usual ones first.
    private static let names: [[UInt8]] = [
        "name", "key", "uid", "containerPort", "port", "mountPath", "devicePath", "topologyKey", "ip", "type", "id",
    ].map { Array($0.utf8) }

    /// For each element of the body's array the one in the object; nil where there is none.
    static func places(
        of elements: [PlacedJSON], _ body: [UInt8], in place: PresentObject.Value?
    ) -> [PresentObject.Value?] {
        guard let known = place?.elements else { return elements.map { _ in nil } }
        for name in names {
            guard let keys = Self.keys(elements, { $0[name]?.scalar(in: body) }),
                let knownKeys = Self.keys(known, { $0[name]?.maskedText })
            else { continue }
            let byKey = Dictionary(zip(knownKeys, known)) { first, _ in first }
            return keys.map { byKey[$0] }
        }
        return elements.indices.map { known.indices.contains($0) ? known[$0] : nil }
    }

    /// The elements' keys; nil where one has none, or two have the same.
    private static func keys<Element>(_ elements: [Element], _ key: (Element) -> [UInt8]?) -> [[UInt8]]? {
        let keys = elements.compactMap(key)
        return !keys.isEmpty && keys.count == elements.count && Set(keys).count == keys.count ? keys : nil
    }
}
