import Dispatch
import LocalState
public import NIOCore
import Synchronization
public import Vocabulary

/// How the recorder weighs safety against speed and memory.
public struct RecorderConfiguration: Hashable, Sendable {
    /// Which openings must be durable before they are forwarded.
    public enum Durability: String, CaseIterable, Sendable {
        /// Those that can change something; reads are handed to the recorder and forwarded.
        case mutations
        case all
    }

    public var durability: Durability = .mutations
    /// How long an opening waits for a disk that does not take it, in milliseconds; then it is refused.
    public var patience = 2_000
    /// How long the writer waits for more before it writes again, in milliseconds: what a read's record may lose if the
    /// process is killed. An opening that must be durable ends the pause, and so does much that waits.
    public var pause = 2
    /// How long a segment may become, in bytes, before another is begun.
    public var segmentBytes: Int64 = 64 << 20
    /// How old a segment may become, in seconds, before the next write begins another.
    public var segmentAge: Int64 = 24 * 3_600
    public var retention = Retention()
    /// Bytes not yet written at which feeds ask for reads to be held back.
    public var backlogHigh = 8 << 20
    /// Bytes not yet written at which feeds go on.
    public var backlogLow = 2 << 20

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
    private let upkeep: JournalUpkeep
    private let mailbox: Mutex<Mailbox> = Mutex(Mailbox())
    private let backlog = Atomic<Int>(0)
    private let isFailing = Atomic<Bool>(false)
    private let isCongested = Atomic<Bool>(false)
    private let healthBox: Mutex<RecorderHealth> = Mutex(RecorderHealth())
    private let lock: Mutex<FileLock?>

    /// Rung when the writer is to end its pause.
    private let bell = DispatchSemaphore(value: 0)

    /// The bytes that are worth a write of their own.
    private static let enough = 1 << 20

    private enum Writing {
        /// The next frames must wake the writer.
        case idle
        /// The writer looks into the mailbox again by itself.
        case busy
        /// The writer waits for more, so as to write much at once.
        case pausing
    }

    private struct Mailbox {
        var handedOver = HandedOver()
        var writing = Writing.idle
        var isStopping = false
        var feeds: [FeedCallbacks] = []
        var followers: [@Sendable () -> Void] = []
        var refusedWhileFailing = 0

        var isUrgent: Bool { isStopping || !handedOver.waiting.isEmpty || handedOver.count >= Recorder.enough }
    }

    /// Locks the folder, which is made if it is missing, closes what a crash left open, begins a segment.
    ///
    /// - Parameters:
    ///   - folder: the journal's.
    ///   - configuration: how to weigh.
    ///   - report: told, on a thread of its own, what becomes of the segments that are no longer written.
    /// - Throws: `RecordingFault`; nothing was changed then but what a crash had left.
    public convenience init(
        folder: String, configuration: RecorderConfiguration = RecorderConfiguration(),
        report: @escaping @Sendable (UpkeepReport) -> Void = { _ in }
    ) throws(RecordingFault) {
        try self.init(folder: folder, configuration: configuration, calls: .real, report: report)
    }

    init(
        folder path: String, configuration: RecorderConfiguration, calls: DiskCalls,
        report: @escaping @Sendable (UpkeepReport) -> Void = { _ in }
    ) throws(RecordingFault) {
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
        let upkeep = JournalUpkeep(folder, retention: configuration.retention, calls: calls, report: report)
        let limit = JournalWriter.SegmentLimit(
            bytes: configuration.segmentBytes, nanoseconds: UInt64(configuration.segmentAge) * 1_000_000_000)
        writer = try JournalWriter(folder: folder, recovered: recovered, limit: limit, calls: calls) {
            upkeep.begin($0)
        }
        self.upkeep = upkeep
    }

    /// What the journal may take on disk, in bytes; nil where nothing limits it.
    public var retainedBytes: UInt64? { configuration.retention.bytes.map { UInt64(clamping: $0) } }

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

    /// Tells whoever follows the journal that there are new frames to read, or perhaps are: from now on, after each write,
    /// on the writer's own thread. `wake` must return at once.
    public func follow(_ wake: @escaping @Sendable () -> Void) { mailbox.withLock { $0.followers.append(wake) } }

    /// Writes what was handed over, closes the journal. Openings after this are refused.
    public func stop() async {
        for feed in mailbox.withLock({ $0.feeds }) { await feed.handOver() }
        mailbox.withLock { $0.isStopping = true }
        bell.signal()
        await withCheckedContinuation { continuation in
            queue.async {
                self.drainMailbox()
                self.writer.finish()
                self.upkeep.stop()
                self.lock.withLock { $0 = nil }
                self.isFailing.store(true, ordering: .sequentiallyConsistent)
                self.healthBox.withLock { $0 = RecorderHealth(failure: .stopped, since: .now()) }
                continuation.resume()
            }
        }
    }

    /// Returns when the segments that are no longer written are sealed, and retention has been seen to.
    func settle() { upkeep.settle() }

    // MARK: what the feeds use

    /// Why nothing can be recorded now; nil while it can.
    var failure: RecordingFault? {
        guard isFailing.load(ordering: .acquiring) else { return nil }
        return health.failure ?? .stopped
    }

    var hasRoom: Bool { backlog.load(ordering: .relaxed) < configuration.backlogHigh }

    func markCongested() { isCongested.store(true, ordering: .sequentiallyConsistent) }

    func countRefusal() { mailbox.withLock { $0.refusedWhileFailing += 1 } }

    /// Takes frames over, with who waits for some of them. Leaves an empty buffer for the next ones.
    func submit(_ frames: inout [UInt8], _ waiting: [WaitingFrames]) {
        backlog.add(frames.count, ordering: .relaxed)
        let before = mailbox.withLock { mailbox in
            mailbox.handedOver.take(&frames)
            mailbox.handedOver.waiting += waiting
            let before = mailbox.writing
            if before == .idle || mailbox.isUrgent { mailbox.writing = .busy }
            return before == mailbox.writing ? .busy : before
        }
        switch before {
        case .idle: queue.async { self.drainMailbox() }
        case .pausing: bell.signal()
        case .busy: break
        }
    }

    // MARK: on the queue

    /// Writes until nothing comes any more, or until the disk fails; then it tries again shortly.
    private func drainMailbox() {
        while true {
            let refused: Int? = mailbox.withLock { mailbox in
                guard writer.hasWork || !mailbox.handedOver.isEmpty else {
                    mailbox.writing = .idle
                    return nil
                }
                mailbox.writing = .busy
                writer.take(&mailbox.handedOver)
                return mailbox.refusedWhileFailing
            }
            guard let refused else { return }
            do throws(RecordingFault) {
                let written = try writer.write(refusedWhileFailing: refused)
                if refused > 0 { mailbox.withLock { $0.refusedWhileFailing -= refused } }
                recovered(after: written)
                for wake in mailbox.withLock({ $0.followers }) { wake() }
            } catch {
                failed(error)
                return queue.asyncAfter(deadline: .now() + .milliseconds(100)) { self.drainMailbox() }
            }
            pauseForMore()
        }
    }

    /// Many small writes cost more than the frames: waits until there is enough for one, or something urgent.
    private func pauseForMore() {
        let mayPause = mailbox.withLock { mailbox in
            if !mailbox.isUrgent { mailbox.writing = .pausing }
            return !mailbox.isUrgent
        }
        if mayPause { _ = bell.wait(timeout: .now() + .milliseconds(configuration.pause)) }
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

/// How the recorder reaches a feed from its queue.
struct FeedCallbacks: Sendable {
    let wake: @Sendable () -> Void
    /// Returns when everything that was fed before is with the recorder.
    let handOver: @Sendable () async -> Void
}
