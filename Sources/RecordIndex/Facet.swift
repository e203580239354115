/// What exchanges are told apart by, beside their time, their session and the object that they name. Each exchange has at
/// most one word of each facet; a facet is a column of its own.
public enum Facet: Int, CaseIterable, Sendable {
    /// The caller's username.
    case identity = 1
    case model
    /// The agent's name.
    case agent
    case prompt
    case cluster
    case verb
    /// `deployments.apps/scale`: resource, group and subresource.
    case resource
    case namespace
    /// As `close` says it, `open` as long as there is none.
    case outcome
    /// What policy said: `allow` or `deny`.
    case decision

    /// The facet's name in queries, which is its column's name.
    public var name: String {
        switch self {
        case .identity: "identity"
        case .model: "model"
        case .agent: "agent"
        case .prompt: "prompt"
        case .cluster: "cluster"
        case .verb: "verb"
        case .resource: "resource"
        case .namespace: "namespace"
        case .outcome: "outcome"
        case .decision: "decision"
        }
    }

    /// The facets of a session: it has every word of its exchanges.
    static let ofSessions: [Facet] = [.identity, .model, .agent, .prompt, .cluster]
}
