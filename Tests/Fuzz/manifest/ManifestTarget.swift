import FuzzSupport
import ManifestEditing
import YAMLReading

/// Any stream through the annotator: the properties of its own that always hold; and, told by a reader that knows nothing of
/// it, each document that it annotates holds the same tree as before plus the annotations.
@main enum ManifestTarget {
    private static let annotations = ["byline.dev/model": "m 1", "byline.dev/prompt-id": "p"]

    static func main() { Fuzzer.run() }

    static func test(_ input: FuzzInput) {
        guard let editor else { return }
        let violation = EditingProperties.violation(input.bytes, editor: editor, chunk: 7)
        Property.hold(violation == nil, violation ?? "")
        for document in editor.edit(input.bytes).documents {
            guard case .annotated(let objects) = document.outcome else { continue }
            guard let before = tree(document.original) else { continue }
            let after = tree(document.bytes)
            Property.hold(after != nil, "an annotated document cannot be read")
            Property.hold(
                after?.withoutAnnotations(annotations) == before.withoutAnnotations(annotations), "another tree")
            Property.hold(after?.annotated(with: annotations) ?? 0 >= objects, "an object is not annotated")
        }
    }

    private static let editor: ManifestEditor? = {
        let all = annotations.sorted { $0.key < $1.key }.compactMap {
            try? ManifestAnnotation(key: $0.key, value: $0.value)
        }
        return try? ManifestEditor(all)
    }()

    private static func tree(_ bytes: [UInt8]) -> ManifestTree? {
        // The reader takes UTF-8 without a byte order mark.
        guard bytes.first != 0xFE, bytes.first != 0xFF else { return nil }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        return (try? YAMLNode.read(text)).flatMap { $0.map(ManifestTree.init) }
    }
}

@_cdecl("LLVMFuzzerTestOneInput") func testOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    ManifestTarget.test(FuzzInput(start, count))
    return 0
}
