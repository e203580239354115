/// What policy said of a request, and which rule said it.
public struct Decision: Hashable, Sendable {
    public enum Effect: String, CaseIterable, Hashable, Sendable {
        case allow
        case deny
    }

    public let effect: Effect
    /// The name of the rule that decided, as the configuration spells it.
    public let rule: String
    /// For a denial, what would have been needed: a sentence for the caller.
    public let reason: String?

    public init(_ effect: Effect, rule: String, reason: String? = nil) {
        self.effect = effect
        self.rule = rule
        self.reason = reason
    }
}

/// How an exchange ended, as its `close` says.
public enum Outcome: String, Hashable, Sendable {
    /// Request and response passed whole.
    case complete
    /// The caller went away first.
    case clientClosed
    /// The cluster's side went away first.
    case upstreamClosed
    /// The gateway answered itself: a refusal or a fault.
    case failed
    /// Nobody saw the end: the gateway died, or the record broke off. Never to be read as success.
    case unknown
}
