public import Vocabulary

/// A YAML document said in JSON, and where in its text each scalar of that JSON stands.
public struct YAMLSpelling: Sendable {
    /// A scalar: its place in the JSON, quotes included, and in the YAML.
    public struct Scalar: Hashable, Sendable {
        public let json: Range<Int>
        /// In bytes, its quotes included. Of an alias, where its anchor stands.
        public let source: Range<Int>
    }

    /// Every scalar is a string in it.
    public private(set) var json: [UInt8] = []
    /// In the order of their places in the JSON.
    public private(set) var scalars: [Scalar] = []

    /// Says a text in JSON; nil for a text that is no single document with a mapping at its root, or that hides what it says
    /// behind merge keys (`<<`) or another encoding than UTF-8.
    ///
    /// - Parameter bytes: the whole text.
    public init?(_ bytes: [UInt8]) {
        guard !bytes.contains(0), !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]),
            let root = try? YAMLNode.read(bytes), root.entries != nil
        else { return nil }
        guard append(root, CodePoints(bytes)) else { return nil }
    }

    private mutating func append(_ node: YAMLNode, _ places: CodePoints) -> Bool {
        switch node.content {
        case .scalar(let text, _):
            let start = json.count
            json += JSON.string(text).canonicalBytes
            scalars.append(Scalar(json: start..<json.count, source: places.bytes(node.span)))
        case .sequence(let elements):
            json.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { json.append(UInt8(ascii: ",")) }
                guard append(element, places) else { return false }
            }
            json.append(UInt8(ascii: "]"))
        case .mapping(let entries):
            json.append(UInt8(ascii: "{"))
            for (index, entry) in entries.enumerated() {
                guard entry.key != "<<" else { return false }
                if index > 0 { json.append(UInt8(ascii: ",")) }
                json += JSON.string(entry.key).canonicalBytes + [UInt8(ascii: ":")]
                guard append(entry.value, places) else { return false }
            }
            json.append(UInt8(ascii: "}"))
        }
        return true
    }
}

/// Where in a text of UTF-8 each code point begins.
private struct CodePoints {
    /// nil where each is one byte.
    private let starts: [Int]?
    private let count: Int
    /// A byte order mark, which libyaml does not count.
    private let skipped: Int

    init(_ bytes: [UInt8]) {
        count = bytes.count
        skipped = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard bytes.contains(where: { $0 >= 0x80 }) else {
            starts = nil
            return
        }
        starts = bytes.indices.dropFirst(skipped).filter { bytes[$0] & 0xC0 != 0x80 }
    }

    func bytes(_ span: Range<Int>) -> Range<Int> {
        let (start, end) = (place(span.lowerBound), place(span.upperBound))
        return start..<max(start, end)
    }

    private func place(_ index: Int) -> Int {
        guard let starts else { return min(index, count) }
        return index < starts.count ? starts[index] : count
    }
}
