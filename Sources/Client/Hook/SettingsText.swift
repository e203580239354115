/// A JSON text as a person keeps it, comments and trailing commas included, with the place of each value: what is changed
/// in it is inserted or cut out, and everything else stays byte for byte.
struct SettingsText {
    /// A value and the bytes it stands in.
    indirect enum Node {
        case object([Member], Range<Int>)
        case array([Node], Range<Int>)
        case string(String, Range<Int>)
        case other(Range<Int>)

        var range: Range<Int> {
            switch self {
            case .object(_, let range), .array(_, let range), .string(_, let range), .other(let range): range
            }
        }

        subscript(name: String) -> Node? {
            guard case .object(let members, _) = self else { return nil }
            return members.last { $0.name == name }?.value
        }

        /// The strings in it, however deep.
        var strings: [String] {
            switch self {
            case .string(let text, _): [text]
            case .array(let elements, _): elements.flatMap(\.strings)
            case .object(let members, _): members.flatMap(\.value.strings)
            case .other: []
            }
        }
    }

    struct Member {
        let name: String
        let value: Node
        /// From the name to the end of the value.
        let range: Range<Int>
    }

    private(set) var bytes: [UInt8]
    private(set) var root: Node

    /// Reads a text; an empty one is an empty object. Nil where it is no JSON.
    init?(_ text: [UInt8]) {
        let isBlank = text.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        bytes = isBlank ? Array("{}\n".utf8) : text
        var reader = SettingsReader(bytes)
        guard let root = reader.whole() else { return nil }
        self.root = root
    }

    /// Adds an element at the end of the array at `path`, making what is missing on the way there; false where something
    /// else stands there. `element` is JSON on one line.
    mutating func append(_ element: String, at path: [String]) -> Bool {
        var node = root
        for (depth, name) in path.enumerated() {
            guard case .object(let members, let range) = node else { return false }
            guard let next = node[name] else {
                let isLast = depth == path.count - 1
                guard insert("\"\(name)\": \(isLast ? "[\(element)]" : "{}")", behind: members.last?.range, in: range)
                else { return false }
                return isLast || append(element, at: path)
            }
            node = next
        }
        guard case .array(let elements, let range) = node else { return false }
        return insert(element, behind: elements.last?.range, in: range)
    }

    /// Cuts the elements of the array at `path` that `isOurs` knows, then what is empty without them.
    mutating func remove(at path: [String], where isOurs: (Node) -> Bool) -> Bool {
        var found = false
        while case .array(let elements, _)? = node(at: path), let index = elements.firstIndex(where: isOurs) {
            guard cut(elements.map(\.range), index) else { return false }
            found = true
        }
        guard found else { return true }
        var path = path
        while let name = path.popLast(), let holder = node(at: path), case .object(let members, _) = holder,
            let index = members.firstIndex(where: { $0.name == name }), members[index].value.isEmpty
        {
            guard cut(members.map(\.range), index) else { return false }
        }
        return true
    }

    func node(at path: [String]) -> Node? {
        var node: Node? = root
        for name in path { node = node?[name] }
        return node
    }

    private mutating func insert(_ text: String, behind last: Range<Int>?, in holder: Range<Int>) -> Bool {
        guard let last else {
            let indent = indentation(of: holder.lowerBound) + "  "
            let close = "\n" + indentation(of: holder.lowerBound)
            return replace(holder.lowerBound + 1..<holder.upperBound - 1, with: "\n\(indent)\(text)\(close)")
        }
        let isOnOneLine = !bytes[holder].contains(0x0A)
        return replace(
            last.upperBound..<last.upperBound,
            with: isOnOneLine ? ", \(text)" : ",\n\(indentation(of: last.lowerBound))\(text)")
    }

    /// Cuts one of several with the comma that held it.
    private mutating func cut(_ ranges: [Range<Int>], _ index: Int) -> Bool {
        if index > 0 { return replace(ranges[index - 1].upperBound..<ranges[index].upperBound, with: "") }
        if ranges.count > 1 { return replace(ranges[0].lowerBound..<ranges[1].lowerBound, with: "") }
        var (start, end) = (ranges[0].lowerBound, ranges[0].upperBound)
        let blank: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ",")]
        while start > 0, blank.contains(bytes[start - 1]) { start -= 1 }
        while end < bytes.count, blank.contains(bytes[end]) { end += 1 }
        return replace(start..<end, with: "")
    }

    private mutating func replace(_ range: Range<Int>, with text: String) -> Bool {
        var changed = bytes
        changed.replaceSubrange(range, with: Array(text.utf8))
        guard let new = SettingsText(changed) else { return false }
        self = new
        return true
    }

    /// The white space that the line of this byte begins with.
    private func indentation(of offset: Int) -> String {
        let start = bytes[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return String(decoding: bytes[start...].prefix { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
    }
}

extension SettingsText.Node {
    fileprivate var isEmpty: Bool {
        switch self {
        case .object(let members, _): members.isEmpty
        case .array(let elements, _): elements.isEmpty
        case .string, .other: false
        }
    }
}
