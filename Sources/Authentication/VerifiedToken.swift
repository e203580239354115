import Crypto
public import Vocabulary

/// A token whose signature and claims were checked.
public struct VerifiedToken: Hashable, Sendable, Expiring {
    public let identity: Identity
    public let session: SessionID
    /// What the token says of the author by default.
    public let byline: Byline
    public let expiration: Timestamp
    /// RFC 8693's `act`: who acts for the subject.
    let actor: JSON?
    let isSessionToken: Bool
    /// SHA-256 of the client certificate that the token is bound to, as base64url (RFC 8705 §3.1); nil where it is bound
    /// to none.
    public let certificateThumbprint: String?

    init(
        identity: Identity, session: SessionID, byline: Byline, expiration: Timestamp, actor: JSON?,
        isSessionToken: Bool, certificateThumbprint: String? = nil
    ) {
        self.certificateThumbprint = certificateThumbprint
        self.identity = identity
        self.session = session
        self.byline = byline
        self.expiration = expiration
        self.actor = actor
        self.isSessionToken = isSessionToken
    }

    /// The caller of one request: the request's own baggage overrides the token's defaults field by field. Another
    /// conversation than the token's is another session.
    public func authenticated(withRequestByline request: Byline) -> Authenticated {
        let byline = self.byline.overlaid(with: request)
        var session = session
        if let conversation = byline[.conversation]?.value,
            !isSessionToken || conversation != self.byline[.conversation]?.value
        {
            session = SessionID(identity: identity, conversation: conversation)
        }
        return Authenticated(identity: identity, session: session, byline: byline, expiration: expiration)
    }
}

extension SessionID {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")

    /// The session of a conversation: the same whenever the same person goes on with it.
    init(identity: Identity, conversation: String) {
        var digest = SHA256()
        for part in [identity.issuer, identity.username, conversation] {
            withUnsafeBytes(of: UInt64(part.utf8.count).littleEndian) { digest.update(bufferPointer: $0) }
            digest.update(data: Array(part.utf8))
        }
        self.init(digits: digest.finalize().prefix(20))
    }

    /// A session of its own.
    static func random() -> SessionID { SessionID(digits: (0..<20).map { _ in UInt8.random(in: 0...255) }) }

    private init(digits: some Sequence<UInt8>) {
        self.init(unchecked: "s-" + String(digits.map { Self.alphabet[Int($0 & 31)] }))
    }
}
