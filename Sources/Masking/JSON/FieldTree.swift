/// Which fields of Kubernetes' objects are masked for what they are, whatever their value: a tree of names. Whole objects
/// stand at the root, in a list's `items`, in a watch event's `object` and in a table's `rows[*].object`.
struct FieldTree: Sendable {
    /// What is done with a value.
    enum Action: Hashable, Sendable {
        /// Masked where a detector finds a secret in it, or its name tells one.
        case detect
        /// Masked whole, with all that is in it, under a rule's name.
        case mask(rule: String, Mask.Spelling)
        /// JSON inside a string, to which the same rules apply.
        case nested
        /// The text of a `Status`, which may quote an object.
        case quoting
        /// The object's name or namespace, to which its masks are bound; otherwise as `detect`.
        case identify(ObjectIdentity.Part)

        /// True where the value itself decides.
        var isDetecting: Bool {
            switch self {
            case .detect, .identify: true
            case .mask, .nested, .quoting: false
            }
        }
    }

    struct Node: Sendable {
        var action = Action.detect { didSet { lengths = knownLengths } }
        var members: [(name: [UInt8], node: Int)] { didSet { lengths = knownLengths } }
        /// The node of all other members.
        var anyMember: Int? { didSet { lengths = knownLengths } }
        var element: Int?
        /// A bit for each length of a name that leads anywhere, the last one for all from 63 on: most names end here.
        fileprivate private(set) var lengths: UInt64 = 0

        init(members: [(name: [UInt8], node: Int)] = [], element: Int? = nil) {
            self.members = members
            self.element = element
            lengths = knownLengths
        }

        private var knownLengths: UInt64 {
            if anyMember != nil { return .max }
            if case .mask = action { return .max }
            return members.reduce(0) { $0 | Self.length($1.name.count) }
        }

        @inline(__always)
        fileprivate static func length(_ count: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: min(count, 63)) }
    }

    /// One step of a path.
    enum Step: Hashable, Sendable {
        case member(String)
        /// Every member of an object, or every element of an array.
        case any
    }

    /// The node of all that no path leads to.
    static let plain = 0
    static let root = 1
    private(set) var nodes: [Node] = [Node(), Node()]

    init() {
        // The places of whole objects lead back to the root.
        let items = add(Node(element: Self.root))
        let row = add(Node(members: [(Array("object".utf8), Self.root)]))
        let rows = add(Node(element: row))
        nodes[Self.root].members = [
            (Array("items".utf8), items), (Array("object".utf8), Self.root), (Array("rows".utf8), rows),
        ]
        set(.quoting, at: [.member("message")])
        set(.quoting, at: [.member("details"), .member("causes"), .any, .member("message")])
        set(.identify(.name), at: [.member("metadata"), .member("name")])
        set(.identify(.namespace), at: [.member("metadata"), .member("namespace")])
        set(
            .nested,
            at: ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"].map { .member($0) })
    }

    private mutating func add(_ node: Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    /// True where nothing is masked for its place alone.
    var isPlain: Bool { !nodes.contains { if case .mask = $0.action { true } else { false } } }

    /// Puts an action at a path, seen from an object's root.
    mutating func set(_ action: Action, at path: [Step]) {
        var at = [Self.root]
        for step in path {
            at = at.flatMap { node in
                switch step {
                case .member(let name): [member(name, of: node)]
                case .any: [anyMember(of: node), element(of: node)]
                }
            }
        }
        for node in at { nodes[node].action = action }
    }

    private mutating func member(_ name: String, of node: Int) -> Int {
        if let known = nodes[node].members.first(where: { $0.name.elementsEqual(name.utf8) }) { return known.node }
        // What is said of all members is said of this one too.
        let copied = nodes[node].anyMember.map { nodes[$0] } ?? Node()
        let made = add(copied)
        nodes[node].members.append((Array(name.utf8), made))
        return made
    }

    private mutating func anyMember(of node: Int) -> Int {
        if let known = nodes[node].anyMember { return known }
        let made = add(Node())
        nodes[node].anyMember = made
        return made
    }

    private mutating func element(of node: Int) -> Int {
        if let known = nodes[node].element { return known }
        let made = add(Node())
        nodes[node].element = made
        return made
    }

    /// The node that a member's value has.
    @inline(__always)
    func node(of name: UnsafeRawBufferPointer, in parent: Int) -> Int {
        if parent == Self.plain || nodes[parent].lengths & Node.length(name.count) == 0 { return Self.plain }
        return member(name, in: parent)
    }

    private func member(_ name: UnsafeRawBufferPointer, in parent: Int) -> Int {
        let node = nodes[parent]
        for member in node.members where member.name.count == name.count && member.name.elementsEqual(name) {
            return member.node
        }
        if let any = node.anyMember { return any }
        if case .mask = node.action { return parent }
        return Self.plain
    }

    /// The node of an array's elements.
    @inline(__always)
    func element(in parent: Int) -> Int {
        if parent == Self.plain { return Self.plain }
        if let element = nodes[parent].element { return element }
        if case .mask = nodes[parent].action { return parent }
        return Self.plain
    }
}
