import LocalState
import Logging
import Recording
import Synchronization
import Vocabulary

/// Counts the editions of the settings, so that a loop sees with one load whether those that it has are the latest. It
/// also advances when keys that were believed are no more: what was verified with them must be verified anew.
final class SettingsEdition: Sendable {
    private let number = Atomic<UInt64>(1)

    var current: UInt64 { number.load(ordering: .acquiring) }

    func advance() { number.add(1, ordering: .releasing) }
}

/// What all event loops of a gateway share.
final class GatewayServices: Sendable {
    let recorder: Recorder
    let log: Logger
    private let current: Mutex<Settings>
    let edition: SettingsEdition
    let gate: ConnectionGate
    /// Bounds the frames that refusals take in the journal.
    let refusals: RefusalLedger
    private let announced: Mutex<Set<SessionID>> = Mutex([])

    init(recorder: Recorder, log: Logger, settings: Settings, edition: SettingsEdition = SettingsEdition()) {
        self.edition = edition
        self.recorder = recorder
        self.log = log
        current = Mutex(settings)
        gate = ConnectionGate(
            most: settings.limits.connections, mostByAddress: settings.limits.connectionsPerAddress)
        refusals = RefusalLedger(
            RefusalLedger.Budget(retainedBytes: recorder.retainedBytes), now: MonotonicClock.nanoseconds())
    }

    var settings: Settings { current.withLock { $0 } }

    /// Puts new settings in force.
    func adopt(_ settings: Settings) {
        current.withLock { $0 = settings }
        edition.advance()
    }

    /// True where the session was not yet recorded by this process.
    func announce(_ session: SessionID) -> Bool {
        announced.withLock { announced in
            // A session that comes back after so many others is announced again; readers take its first frame.
            if announced.count > 100_000 { announced = [] }
            return announced.insert(session).inserted
        }
    }
}
