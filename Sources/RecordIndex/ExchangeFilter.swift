public import Vocabulary

/// Which exchanges are wanted; all conditions must hold.
public struct ExchangeFilter: Sendable {
    /// What an exchange's words must be. A resource is meant in any group and with its subresources, unless they are named:
    /// `deployments`, `deployments.apps`, `pods/exec`.
    public var words: [Facet: String] = [:]
    /// Begun then or later.
    public var since: Timestamp?
    /// Begun before that.
    public var until: Timestamp?
    public var session: SessionID?
    /// The object's name.
    public var name: String?
    /// Stands in the object's name or in the prompt's id, in either case.
    public var text: String?

    public init() {}

    /// The same text for the same question.
    var question: String {
        Questions.text(words, [since?.description, until?.description, session?.description, name, text])
    }
}

/// Which sessions are wanted; all conditions must hold.
public struct SessionFilter: Sendable {
    /// Words that some exchange of the session has: identity, model, agent, prompt, cluster.
    public var words: [Facet: String] = [:]
    /// Under way then or later.
    public var since: Timestamp?
    /// Begun before that.
    public var until: Timestamp?

    public static let facets = Facet.ofSessions

    public init() {}

    /// The same text for the same question.
    var question: String {
        Questions.text(words, [since?.description, until?.description])
    }
}

enum Questions {
    /// The same text for the same conditions, in whatever order they came.
    static func text(_ words: [Facet: String], _ others: [String?]) -> String {
        let facets = Facet.allCases.map { words[$0] }
        return (facets + others).map { $0.map { JSON.string($0) } ?? .null }.map(\.canonicalText).joined(separator: ",")
    }
}
