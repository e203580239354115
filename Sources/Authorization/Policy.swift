import Authentication
public import KubernetesWire
public import Vocabulary

/// What policy looks at: who asks, what is said of the author, of which cluster, for what. Never the text of a command.
public struct Question: Sendable {
    public let identity: Identity
    public let byline: Byline
    public let cluster: ClusterName
    public let requestInfo: RequestInfo

    public init(identity: Identity, byline: Byline, cluster: ClusterName, requestInfo: RequestInfo) {
        self.identity = identity
        self.byline = byline
        self.cluster = cluster
        self.requestInfo = requestInfo
    }
}

/// The rules in force. First match decides; no match denies.
public struct Policy: Sendable {
    /// The name under which a denial without a rule is recorded.
    public static let noMatch = "no-match"

    /// How each rule answered a question.
    public struct Trace: Sendable {
        /// The rules that were asked, in order, and why each but perhaps the last did not match.
        public let misses: [(rule: String, miss: Rule.Miss)]
        /// The rule that matched and what it says; nil where none did.
        public let decided: (rule: String, effect: Decision.Effect)?
    }

    public let rules: [Rule]

    public init(rules: [Rule]) { self.rules = rules }

    /// The policy of `byline-gateway dev`: everything its one user asks is allowed, and the record says by which rule.
    public static let development = Policy(rules: [Rule(name: "dev-allow-all", effect: .allow)])

    /// Decides on what the request is.
    public func decide(_ request: AccessRequest) -> Result<Permit, Denial> {
        let question = Question(
            identity: request.caller.identity, byline: request.caller.byline, cluster: request.cluster,
            requestInfo: request.requestInfo)
        var nearest: (rule: String, needs: [Rule.Need])?
        for rule in rules {
            switch rule.miss(question) {
            case nil where rule.effect == .allow:
                return .success(Permit(request: request, decision: Decision(.allow, rule: rule.name)))
            case nil: return .failure(Denial(request: request, decision: Decision(.deny, rule: rule.name)))
            case .byline(let needs) where rule.effect == .allow && nearest == nil:
                nearest = (rule.name, needs)
            default: continue
            }
        }
        let reason =
            nearest.map { "rule \"\($0.rule)\" would allow it with \($0.needs.sentence)" }
            ?? "no rule of the policy allows it"
        return .failure(Denial(request: request, decision: Decision(.deny, rule: Self.noMatch, reason: reason)))
    }

    /// Asks the rules one after the other and tells each answer.
    public func trace(_ question: Question) -> Trace {
        var misses: [(rule: String, miss: Rule.Miss)] = []
        for rule in rules {
            guard let miss = rule.miss(question) else {
                return Trace(misses: misses, decided: (rule.name, rule.effect))
            }
            misses.append((rule.name, miss))
        }
        return Trace(misses: misses, decided: nil)
    }
}

extension [Rule.Need] {
    /// "prompt.id, and an attested model".
    public var sentence: String {
        map { need in
            switch need {
            case .field(let field): "\(field.shortName) in the byline"
            case .attested(let field): "\(field.shortName) attested by a trusted key"
            case .oneOf(let field, let patterns): "\(field.shortName) one of \(patterns.joined(separator: ", "))"
            }
        }.joined(separator: ", and ")
    }
}
