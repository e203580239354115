import Dispatch
import LocalState
public import NIOCore
import Synchronization
public import Vocabulary

/// How the recorder weighs safety against speed and memory.
public struct RecorderConfiguration: Sendable {
    /// Which openings must be durable before they are forwarded.
    public enum Durability: String, CaseIterable, Sendable {
        /// Those that can change something; reads are handed to the recorder and forwarded.
        case mutations
        case all
    }

    public var durability: Durability = .mutations
    /// How long an opening waits for a disk that does not take it, in milliseconds; then it is refused.
    public var patience = 2_000
    /// Bytes not yet written at which feeds ask for reads to be held back.
    public var backlogHigh = 16 << 20
    /// Bytes not yet written at which feeds go on.
    public var backlogLow = 4 << 20

    public init() {}
}

/// Whether the recorder can record.
public struct RecorderHealth: Sendable {
    /// Why it cannot; nil while it can.
    public internal(set) var failure: RecordingFault?
    /// Since when it cannot.
    public internal(set) var since: Timestamp?
}

/// Writes the journal. Feeds on the event loops hand over frames in batches; one queue writes them in order, many
/// openings sharing one sync, and tells the feeds what is durable. When the disk does not take them they wait in memory,
/// within bounds, and nothing new is let through.
public final class Recorder: Sendable {
    public let recovery: RecoveryReport
    let configuration: RecorderConfiguration
    private let queue = DispatchQueue(label: "byline.recorder")
    private let writer: JournalWriter
    private let mailbox: Mutex<Mailbox> = Mutex(Mailbox())
    private let backlog = Atomic<Int>(0)
    private let isFailing = Atomic<Bool>(false)
    private let isCongested = Atomic<Bool>(false)
    private let healthBox: Mutex<RecorderHealth> = Mutex(RecorderHealth())
    private let lock: Mutex<FileLock?>

    private struct Mailbox {
        var batches: [FrameBatch] = []
        var isScheduled = false
        var feeds: [FeedCallbacks] = []
        var refusedWhileFailing = 0
    }

    /// Locks the folder, which is made if it is missing, closes what a crash left open, begins a segment.
    public convenience init(folder: String, configuration: RecorderConfiguration = RecorderConfiguration())
        throws(RecordingFault)
    {
        try self.init(folder: folder, configuration: configuration, calls: .real)
    }

    init(folder path: String, configuration: RecorderConfiguration, calls: DiskCalls) throws(RecordingFault) {
        let folder = JournalFolder(path: path)
        do throws(FileFault) {
            try PrivateFile.makeFolder(path)
            lock = Mutex(try FileLock(folder.lock))
        } catch {
            throw error.reason == .locked ? .inUse(folder: path) : .file(error)
        }
        self.configuration = configuration
        let recovered = try Recovery.run(folder)
        recovery = recovered.report
        writer = try JournalWriter(folder: folder, recovered: recovered, calls: calls)
    }

    public var health: RecorderHealth { healthBox.withLock { $0 } }

    /// Bytes that were handed over and are not yet written.
    public var backlogBytes: Int { backlog.load(ordering: .relaxed) }

    /// The feed of one event loop; to be called on that loop.
    public func makeFeed(on eventLoop: any EventLoop) -> RecorderFeed {
        let feed = RecorderFeed(recorder: self, eventLoop: eventLoop)
        let callbacks = feed.callbacks
        mailbox.withLock { $0.feeds.append(callbacks) }
        return feed
    }

    /// Writes what was handed over, closes the journal. Openings after this are refused.
    public func stop() async {
        for feed in mailbox.withLock({ $0.feeds }) { await feed.handOver() }
        await withCheckedContinuation { continuation in
            queue.async {
                self.drainMailbox()
                self.writer.finish()
                self.lock.withLock { $0 = nil }
                self.isFailing.store(true, ordering: .sequentiallyConsistent)
                self.healthBox.withLock { $0 = RecorderHealth(failure: .stopped, since: .now()) }
                continuation.resume()
            }
        }
    }

    // MARK: what the feeds use

    /// Why nothing can be recorded now; nil while it can.
    var failure: RecordingFault? {
        guard isFailing.load(ordering: .acquiring) else { return nil }
        return health.failure ?? .stopped
    }

    var hasRoom: Bool { backlog.load(ordering: .relaxed) < configuration.backlogHigh }

    func markCongested() { isCongested.store(true, ordering: .sequentiallyConsistent) }

    func countRefusal() { mailbox.withLock { $0.refusedWhileFailing += 1 } }

    func submit(_ batch: FrameBatch) {
        backlog.add(batch.bytes.count, ordering: .relaxed)
        let mustSchedule = mailbox.withLock { mailbox in
            mailbox.batches.append(batch)
            defer { mailbox.isScheduled = true }
            return !mailbox.isScheduled
        }
        if mustSchedule { queue.async { self.drainMailbox() } }
    }

    // MARK: on the queue

    /// Writes batches until there are none, or until the disk fails; then it tries again shortly.
    private func drainMailbox() {
        while true {
            let batches = mailbox.withLock { mailbox in
                defer { mailbox.batches = [] }
                return mailbox.batches
            }
            writer.take(batches)
            guard writer.hasWork else {
                let isDone = mailbox.withLock { mailbox in
                    guard mailbox.batches.isEmpty else { return false }
                    mailbox.isScheduled = false
                    return true
                }
                if isDone { return }
                continue
            }
            let refused = mailbox.withLock { $0.refusedWhileFailing }
            do throws(RecordingFault) {
                let written = try writer.write(refusedWhileFailing: refused)
                if refused > 0 { mailbox.withLock { $0.refusedWhileFailing -= refused } }
                recovered(after: written)
            } catch {
                failed(error)
                return queue.asyncAfter(deadline: .now() + .milliseconds(100)) { self.drainMailbox() }
            }
        }
    }

    private func recovered(after written: Int) {
        let rest = backlog.subtract(written, ordering: .sequentiallyConsistent).newValue
        if isFailing.load(ordering: .relaxed) {
            healthBox.withLock { $0 = RecorderHealth() }
            isFailing.store(false, ordering: .releasing)
        }
        guard rest <= configuration.backlogLow, isCongested.exchange(false, ordering: .sequentiallyConsistent) else {
            return
        }
        for feed in mailbox.withLock({ $0.feeds }) { feed.wake() }
    }

    private func failed(_ fault: RecordingFault) {
        healthBox.withLock { health in
            health = RecorderHealth(failure: fault, since: health.since ?? .now())
        }
        isFailing.store(true, ordering: .releasing)
        writer.refuseOverdue(fault, patience: configuration.patience)
    }
}

/// Frames that a feed hands over at once.
struct FrameBatch: Sendable {
    let bytes: [UInt8]
    /// True where an opening waits until the batch is durable.
    let mustBeDurable: Bool
    let submittedAt: UInt64
    /// Told once, when the batch is durable, or when it took too long.
    let done: (@Sendable (RecordingFault?) -> Void)?
}

/// How the recorder reaches a feed from its queue.
struct FeedCallbacks: Sendable {
    let wake: @Sendable () -> Void
    /// Returns when everything that was fed before is with the recorder.
    let handOver: @Sendable () async -> Void
}
