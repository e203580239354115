public import Vocabulary

/// A caller whose token was verified: who they are, in which session, and what their request says of its author. Only
/// this target can make one.
public struct Authenticated: Hashable, Sendable {
    public let identity: Identity
    public let session: SessionID
    public let byline: Byline
    /// When the token that proved it ends.
    public let expiration: Timestamp

    init(identity: Identity, session: SessionID, byline: Byline, expiration: Timestamp) {
        self.identity = identity
        self.session = session
        self.byline = byline
        self.expiration = expiration
    }
}
