public import Vocabulary

extension Byline {
    /// The fields that hold for a session as a whole. A session token carries only these: each request says the rest for
    /// itself, and what it does not say must not be taken from an earlier prompt.
    public var ofSession: Byline {
        var byline = self
        for field in [Field.promptID, .promptDigest, .toolCall, .agentID] { byline[field] = nil }
        return byline
    }
}
