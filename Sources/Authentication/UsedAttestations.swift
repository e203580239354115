import Synchronization
import Vocabulary

/// Remembers which session an attestation served, by its issuer and `jti`, until it expires.
final class UsedAttestations: Sendable {
    private struct Use {
        let session: SessionID
        let expiration: Timestamp
    }

    /// Attestations that are remembered at once. Past it those that expired are forgotten, then new ones refused.
    private static let most = 100_000
    private let uses: Mutex<[String: Use]> = Mutex([:])

    /// - Returns: false where another session used it, or where too many are remembered.
    func claim(_ id: String, until expiration: Timestamp, for session: SessionID, now: Timestamp) -> Bool {
        uses.withLock { uses in
            if let use = uses[id], use.expiration >= now { return use.session == session }
            if uses.count >= Self.most {
                uses = uses.filter { $0.value.expiration >= now }
                guard uses.count < Self.most else { return false }
            }
            uses[id] = Use(session: session, expiration: expiration)
            return true
        }
    }
}
