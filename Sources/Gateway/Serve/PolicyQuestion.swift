import Authorization
import KubernetesWire
import Vocabulary

/// A question to a policy as a person writes it: who and what is said of the author, then ` : `, then what is asked, in
/// kubectl's words.
///
///     user=alice groups=dev,ops model=claude-opus-4 prompt.id=p1 : create deployments.apps web -n shop --cluster prod
public struct PolicyQuestion: Sendable {
    /// Why a question cannot be read.
    public enum Fault: Error, Sendable {
        case noColon
        case unknownField(String)
        case noRequest
        case unknownCluster(String)
        case badResource(String)

        /// For a person, in a sentence.
        public var sentence: String {
            switch self {
            case .noColon:
                "a question is \"WHO : WHAT\", for example 'user=alice groups=dev model=claude-opus-4 : delete namespaces prod'"
            case .unknownField(let field):
                "\"\(field)\" is no field; there are: user, groups, issuer, attested, \(Byline.Field.allCases.map(\.shortName).sorted().joined(separator: ", "))"
            case .noRequest:
                "what is asked is \"VERB RESOURCE[.GROUP][/SUBRESOURCE] [NAME] [-n NAMESPACE] [--cluster NAME]\" or \"VERB /PATH\""
            case .unknownCluster(let name): "the configuration has no cluster \"\(name)\""
            case .badResource(let text): "\"\(text)\" names no resource"
            }
        }
    }

    let question: Question

    init(_ text: String, clusters: [ClusterName], connecting: ConnectSubresources = .builtIn) throws(Fault) {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let colon = words.firstIndex(of: ":") else { throw .noColon }
        let (identity, byline) = try Self.author(words[..<colon])
        let (info, cluster) = try Self.request(words[(colon + 1)...], connecting)
        let name: ClusterName?
        if let cluster {
            guard let known = clusters.first(where: { $0.description == cluster }) else {
                throw .unknownCluster(cluster)
            }
            name = known
        } else {
            name = clusters.first
        }
        guard let name else { throw .unknownCluster("") }
        question = Question(identity: identity, byline: byline, cluster: name, requestInfo: info)
    }

    private static func author(_ words: ArraySlice<String>) throws(Fault) -> (Identity, Byline) {
        var (user, issuer) = ("", "")
        var groups: [String] = []
        var byline = Byline()
        var attested: Set<String> = []
        for word in words {
            let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2 else { throw .unknownField(word) }
            switch pair[0] {
            case "user": user = pair[1]
            case "issuer": issuer = pair[1]
            case "groups": groups = pair[1].split(separator: ",").map(String.init)
            case "attested": attested = Set(pair[1].split(separator: ",").map(String.init))
            default:
                guard let field = Byline.Field(named: pair[0]) else { throw .unknownField(pair[0]) }
                byline[field] = Byline.Claim(pair[1], .asserted)
            }
        }
        for name in attested {
            guard let field = Byline.Field(named: name) else { throw .unknownField(name) }
            byline[field] = byline[field].map { Byline.Claim($0.value, .attested) }
        }
        return (Identity(issuer: issuer, username: user, groups: groups), byline)
    }

    private static func request(
        _ words: ArraySlice<String>, _ connecting: ConnectSubresources
    ) throws(Fault) -> (RequestInfo, cluster: String?) {
        var words = Array(words)
        func option(_ names: [String]) -> String? {
            guard let index = words.firstIndex(where: names.contains), index + 1 < words.count else { return nil }
            defer { words.removeSubrange(index...index + 1) }
            return words[index + 1]
        }
        let cluster = option(["--cluster"])
        let namespace = option(["-n", "--namespace"]) ?? ""
        guard words.count >= 2 else { throw .noRequest }
        let (verb, what) = (words[0], words[1])
        if what.hasPrefix("/") { return (RequestInfo(isResourceRequest: false, verb: verb, path: what), cluster) }
        let slash = what.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let dot = slash[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard !dot[0].isEmpty else { throw .badResource(what) }
        let name = words.count > 2 ? words[2] : ""
        let resource = String(dot[0])
        let info = RequestInfo(
            isResourceRequest: true, verb: verb, path: "", apiGroup: dot.count == 2 ? String(dot[1]) : "",
            resource: resource, subresource: slash.count == 2 ? String(slash[1]) : "",
            // As the API server reads it: a namespace's own name is its namespace.
            namespace: resource == "namespaces" ? name : namespace, name: name, connecting: connecting)
        return (info, cluster)
    }
}
