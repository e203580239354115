public import YAMLReading

/// A kubeconfig, read as kubectl reads it: one file or several laid over each other, the first to name a thing wins
/// (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/).
public struct Kubeconfig: Sendable {
    /// A named context.
    public struct Context: Hashable, Sendable {
        public let name: String
        public let cluster: String
        public let user: String
        public let namespace: String?
    }

    public private(set) var contexts: [Context] = []
    public private(set) var currentContext: String?
    private var clusters: [String: Item] = [:]
    private var users: [String: Item] = [:]

    /// A cluster's or user's own mapping and where it stands.
    struct Item: Sendable {
        let node: YAMLNode
        let file: String
    }

    public init() {}

    /// Lays a further file under what was read before.
    ///
    /// - Parameters:
    ///   - bytes: the file's text; an empty one adds nothing.
    ///   - file: its path: paths within it are seen from its folder, and faults name it.
    /// - Throws: `KubeconfigFault` with the place; nothing is added then.
    public mutating func add(_ bytes: [UInt8], file: String) throws(KubeconfigFault) {
        let root: YAMLNode?
        do throws(YAMLFault) { root = try YAMLNode.read(bytes) } catch {
            throw KubeconfigFault(.notYAML(error), file: file, place: error.place)
        }
        guard let root, !root.isNull else { return }
        guard root.entries != nil else { throw KubeconfigFault(.notAKubeconfig, file: file, place: root.place) }
        if let kind = root["kind"]?.text, kind != "Config" {
            throw KubeconfigFault(.notAKubeconfig, file: file, place: root.place)
        }
        for (name, item) in try items(root, list: "clusters", member: "cluster", file: file) where clusters[name] == nil
        {
            clusters[name] = item
        }
        for (name, item) in try items(root, list: "users", member: "user", file: file) where users[name] == nil {
            users[name] = item
        }
        for (name, item) in try items(root, list: "contexts", member: "context", file: file)
        where !contexts.contains(where: { $0.name == name }) {
            contexts.append(
                Context(
                    name: name, cluster: item.node["cluster"]?.text ?? "", user: item.node["user"]?.text ?? "",
                    namespace: item.node["namespace"]?.text))
        }
        if currentContext == nil { currentContext = root["current-context"]?.text }
    }

    private func items(
        _ root: YAMLNode, list: String, member: String, file: String
    ) throws(KubeconfigFault) -> [(String, Item)] {
        guard let node = root[list] else { return [] }
        guard let elements = node.elements else {
            throw KubeconfigFault(.wrongShape(expected: "a list under \(list)"), file: file, place: node.place)
        }
        var items: [(String, Item)] = []
        for element in elements {
            guard let name = element["name"]?.text, let value = element[member] else {
                let expected = "\"name\" and \"\(member)\" in each of \(list)"
                throw KubeconfigFault(.wrongShape(expected: expected), file: file, place: element.place)
            }
            items.append((name, Item(node: value, file: file)))
        }
        return items
    }

    /// The upstream that a context, or the current one, names: its server, its trust, its credential.
    public func upstream(context name: String?) throws(KubeconfigFault) -> KubeconfigUpstream {
        guard let wanted = name ?? currentContext else {
            throw KubeconfigFault(.noCurrentContext(known: contexts.map(\.name)))
        }
        guard let context = contexts.first(where: { $0.name == wanted }) else {
            throw KubeconfigFault(.unknownContext(wanted, known: contexts.map(\.name)))
        }
        guard let cluster = clusters[context.cluster] else {
            throw KubeconfigFault(.danglingReference(context: wanted, kind: "cluster", name: context.cluster))
        }
        let user = users[context.user]
        if user == nil, !context.user.isEmpty {
            throw KubeconfigFault(.danglingReference(context: wanted, kind: "user", name: context.user))
        }
        return try KubeconfigUpstream(context: context, cluster: cluster, user: user)
    }
}

/// What is wrong with a kubeconfig, in which file and where.
public struct KubeconfigFault: Error, Sendable {
    public enum Reason: Sendable {
        case notYAML(YAMLFault)
        case notAKubeconfig
        case wrongShape(expected: String)
        case noCurrentContext(known: [String])
        case unknownContext(String, known: [String])
        case danglingReference(context: String, kind: String, name: String)
        case missing(String)
        case badServer(String)
        case notBase64(String)
        /// `insecure-skip-tls-verify: true`: Byline never turns verification off.
        case verificationTurnedOff
        /// A way to authenticate that is not supported: its key.
        case unsupportedCredential(String)
    }

    public let reason: Reason
    public let file: String?
    public let place: YAMLPlace?

    init(_ reason: Reason, file: String? = nil, place: YAMLPlace? = nil) {
        self.reason = reason
        self.file = file
        self.place = place
    }
}
