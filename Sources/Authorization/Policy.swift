import Vocabulary

/// The rules in force. First match decides; no match denies.
public struct Policy: Sendable {
    /// What a rule does with a request that it matches.
    private struct Rule {
        let name: String
        let effect: Decision.Effect
    }

    private let rules: [Rule]

    /// The policy of `byline-gateway dev`: everything its one user asks is allowed, and the record says by which rule.
    public static let development = Policy(rules: [Rule(name: "dev-allow-all", effect: .allow)])

    /// Decides on what the request is, never on the words of a command.
    public func decide(_ request: AccessRequest) -> Result<Permit, Denial> {
        guard let rule = rules.first else {
            let reason = "no rule of the policy matches this request"
            return .failure(Denial(request: request, decision: Decision(.deny, rule: "no-match", reason: reason)))
        }
        switch rule.effect {
        case .allow: return .success(Permit(request: request, decision: Decision(.allow, rule: rule.name)))
        case .deny: return .failure(Denial(request: request, decision: Decision(.deny, rule: rule.name)))
        }
    }
}
