import Authentication
import Authorization
import Forwarding
import Recording
import Synchronization
import Vocabulary

/// What all event loops of a gateway share.
final class GatewayServices: Sendable {
    let recorder: Recorder
    let authenticator: Authenticator
    let policy: Policy
    let upstreams: [ClusterName: Upstream]
    let pages: any ControlPages
    private let announced: Mutex<Set<SessionID>> = Mutex([])

    init(
        recorder: Recorder, authenticator: Authenticator, policy: Policy, upstreams: [ClusterName: Upstream],
        pages: any ControlPages
    ) {
        self.recorder = recorder
        self.authenticator = authenticator
        self.policy = policy
        self.upstreams = upstreams
        self.pages = pages
    }

    /// True where the session was not yet recorded by this process.
    func announce(_ session: SessionID) -> Bool { announced.withLock { $0.insert(session).inserted } }
}
