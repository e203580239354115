import KubernetesWire
import Vocabulary
import YAMLReading

/// A kubeconfig as a person wrote it, in which items of its lists come and go without another byte being touched. After
/// each change the text is read again: what is not meant must mean the same as before.
struct KubeconfigText {
    private(set) var bytes: [UInt8]
    private let file: String

    /// One of the three lists whose items have names.
    enum List: String, CaseIterable {
        case clusters, contexts, users

        /// What an item holds besides its name.
        var member: String { String(rawValue.dropLast()) }
    }

    init(_ bytes: [UInt8], file: String) throws(ClientFault) {
        self.bytes = bytes
        self.file = file
        _ = try root()
    }

    /// True where nothing but comments and blanks is in it.
    var isEmpty: Bool { (try? YAMLNode.read(bytes)).flatMap { $0 }?.isNull ?? true }

    private func root() throws(ClientFault) -> YAMLNode? {
        let root: YAMLNode?
        do throws(YAMLFault) { root = try YAMLNode.read(bytes) } catch {
            throw .setup(.notYAML(file: file, fault: error))
        }
        guard let root, !root.isNull else { return nil }
        guard root.entries != nil, ["Config", nil].contains(root["kind"]?.text) else {
            throw .setup(.notAKubeconfig(file: file))
        }
        for list in List.allCases {
            if let node = root[list.rawValue], node.elements == nil { throw .setup(.notAKubeconfig(file: file)) }
        }
        return root
    }

    /// An item of a list, as JSON; nil where there is none of that name.
    func item(_ list: List, _ name: String) throws(ClientFault) -> JSON? {
        try items(list).first { $0["name"]?.string == name }
    }

    func items(_ list: List) throws(ClientFault) -> [JSON] {
        (try root()?[list.rawValue]?.elements ?? []).map(\.meaning)
    }

    var currentContext: String? {
        get throws(ClientFault) { try root()?["current-context"]?.text }
    }

    /// Adds an item, written below in block style and on one line where the list is in flow style.
    mutating func add(_ item: JSON, to list: List) throws(ClientFault) {
        let before = try meaning()
        let map = TextMap(bytes)
        let isFlow = map.isFlow
        if let root = try root(), let entry = root.entries?.first(where: { $0.key == list.rawValue }) {
            let colon = map.end(ofKey: entry)
            if let last = entry.value.elements?.last {
                if let dash = map.dash(before: map.offset(of: last.place)), !isFlow {
                    let column = map.column(of: dash)
                    replace(at: map.endOfItem(dash: dash), 0, with: YAMLItem.block(item, indent: column), map)
                } else if let first = entry.value.elements?.first {
                    replace(at: map.offset(of: first.place), 0, with: item.canonicalText + ", ", map)
                }
            } else {
                let end = entry.value.elements == nil ? map.endOfWord(from: colon) : map.endOfBrackets(from: colon)
                let text = isFlow ? " [\(item.canonicalText)]" : "\n" + YAMLItem.block(item, indent: 0).dropLast()
                replace(at: colon, end - colon, with: text, map)
            }
        } else if isFlow, let brace = map.firstBrace {
            let comma = try root()?.entries?.isEmpty == false ? ", " : ""
            replace(at: brace + 1, 0, with: "\"\(list.rawValue)\": [\(item.canonicalText)]\(comma)", map)
        } else {
            let newline = bytes.isEmpty || bytes.last == UInt8(ascii: "\n") ? "" : "\n"
            replace(at: bytes.count, 0, with: "\(newline)\(list.rawValue):\n" + YAMLItem.block(item, indent: 0), map)
        }
        try check(before.adding(item, to: list.rawValue))
    }

    /// Removes an item, and leaves an empty list where it was the only one.
    mutating func remove(_ name: String, from list: List) throws(ClientFault) {
        guard let entry = try root()?.entries?.first(where: { $0.key == list.rawValue }),
            let elements = entry.value.elements, let index = elements.firstIndex(where: { $0["name"]?.text == name })
        else { return }
        let before = try meaning()
        let map = TextMap(bytes)
        let start = map.offset(of: elements[index].place)
        if let dash = map.dash(before: start), !map.isFlow {
            let end = map.endOfItem(dash: dash)
            if elements.count == 1 {
                let colon = map.end(ofKey: entry)
                // Comments between the key and the item stay.
                replace(at: map.lineStart(of: dash), end - map.lineStart(of: dash), with: "", map)
                replace(at: colon, 0, with: " []", map)
            } else {
                replace(at: map.lineStart(of: dash), end - map.lineStart(of: dash), with: "", map)
            }
        } else if index + 1 < elements.count {
            replace(at: start, map.offset(of: elements[index + 1].place) - start, with: "", map)
        } else {
            let from = index == 0 ? start : map.comma(before: start)
            replace(at: from, map.endOfBrackets(from: start) - from, with: "", map)
        }
        try check(before.removing(name, from: list.rawValue))
    }

    /// Sets `current-context` where the file has that key; a file without it stays without it.
    mutating func setCurrentContext(_ name: String) throws(ClientFault) {
        guard let entry = try root()?.entries?.first(where: { $0.key == "current-context" }) else { return }
        let before = try meaning()
        let map = TextMap(bytes)
        let colon = map.end(ofKey: entry)
        let end = map.endOfWord(from: colon)
        replace(at: colon, end - colon, with: " " + JSON.string(name).canonicalText, map)
        try check(before.setting("current-context", to: .string(name)))
    }

    private mutating func replace(at start: Int, _ count: Int, with text: some StringProtocol, _ map: TextMap) {
        let new = text.utf8.flatMap { $0 == 0x0A && map.hasCRLF ? [0x0D, 0x0A] : [$0] }
        bytes.replaceSubrange(start..<start + count, with: new)
    }

    private func meaning() throws(ClientFault) -> JSON { try root()?.meaning ?? .object([]) }

    private func check(_ expected: JSON) throws(ClientFault) {
        guard let after = try? meaning(), after.sorted == expected.sorted else {
            throw .setup(.cannotEditSafely(file: file))
        }
    }
}

extension YAMLNode {
    /// What the node says, without how it is written. A scalar's quotes tell text from numbers and the like.
    fileprivate var meaning: JSON {
        switch content {
        case .scalar(let text, let isPlain):
            if isNull { return .null }
            return isPlain && bool != nil ? .bool(bool ?? false) : .string(text)
        case .sequence(let elements): return .array(elements.map(\.meaning))
        case .mapping(let entries): return .object(entries.map { .init($0.key, $0.value.meaning) })
        }
    }
}

extension JSON {
    fileprivate func setting(_ name: String, to value: JSON) -> JSON {
        .object((members ?? []).filter { $0.name != name } + [.init(name, value)])
    }

    fileprivate func adding(_ item: JSON, to list: String) -> JSON {
        setting(list, to: .array((self[list]?.array ?? []) + [item]))
    }

    fileprivate func removing(_ name: String, from list: String) -> JSON {
        setting(list, to: .array((self[list]?.array ?? []).filter { $0["name"]?.string != name }))
    }

    /// The same without regard to the order of members, and of the lists' items: a flow list takes new ones in front.
    fileprivate var sorted: String {
        switch self {
        case .object(let members):
            "{" + members.map { "\($0.name):\($0.value.sorted)" }.sorted().joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.sorted).sorted().joined(separator: ",") + "]"
        default: canonicalText
        }
    }
}
