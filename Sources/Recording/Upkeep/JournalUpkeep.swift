import Dispatch
import LocalState
import Synchronization
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Seals the segments that are no longer written and removes what need not be kept any more, in the background of the
/// recorder, one thing after the other.
final class JournalUpkeep: Sendable {
    private let folder: JournalFolder
    private let retention: Retention
    private let calls: DiskCalls
    private let report: @Sendable (UpkeepReport) -> Void
    private let queue = DispatchQueue(label: "byline.journal.upkeep", qos: .utility)
    /// The segment that is being written; neither it nor what follows is touched.
    private let current = Atomic<UInt64>(0)
    private let isStopping = Atomic<Bool>(false)
    private static let retryPause = 60
    private static let retentionPause = 3_600

    init(
        _ folder: JournalFolder, retention: Retention, calls: DiskCalls,
        report: @escaping @Sendable (UpkeepReport) -> Void
    ) {
        self.folder = folder
        self.retention = retention
        self.calls = calls
        self.report = report
        queue.asyncAfter(deadline: .now() + .seconds(Self.retentionPause)) { [weak self] in self?.look() }
    }

    /// Another segment is being written: those before it are to be sealed.
    func begin(_ segment: UInt64) {
        current.store(segment, ordering: .sequentiallyConsistent)
        queue.async { self.work() }
    }

    /// Ends what is under way where it is, and returns when nothing touches the journal any more.
    func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        queue.sync {}
    }

    /// Returns when everything that is to be done now is done.
    func settle() { queue.sync {} }

    private var isCancelled: Bool { isStopping.load(ordering: .relaxed) }

    private func look() {
        work()
        queue.asyncAfter(deadline: .now() + .seconds(Self.retentionPause)) { [weak self] in self?.look() }
    }

    private func work() {
        guard !isCancelled else { return }
        do throws(RecordingFault) {
            try sealAll()
            let sweep = RetentionSweep(folder: folder, retention: retention, now: .now())
            for removal in try sweep.run(isCancelled: { self.isCancelled }) {
                report(.removed(segment: removal.segment, because: removal.because))
            }
        } catch {
            report(.failed(error))
            queue.asyncAfter(deadline: .now() + .seconds(Self.retryPause)) { [weak self] in self?.work() }
        }
    }

    private func sealAll() throws(RecordingFault) {
        let current = current.load(ordering: .sequentiallyConsistent)
        let plain = try folder.plainSegments().filter { $0 < current }
        guard let first = plain.first else { return }
        var previous = try factsOfLastSealed(before: first)
        for number in plain where !isCancelled {
            // Its writer died over its header: there is nothing in it.
            if try folder.isUnfinished(number) { continue }
            let size = JournalFolder.size(folder.segment(number))
            let sealer = SegmentSealer(folder: folder, calls: calls, isCancelled: { self.isCancelled })
            guard let facts = try sealer.seal(number, after: previous) else { return }
            previous = facts
            report(.sealed(segment: number, from: size, to: JournalFolder.size(folder.sealed(number))))
        }
    }

    private func factsOfLastSealed(before number: UInt64) throws(RecordingFault) -> SegmentFacts? {
        guard let last = try folder.sealedSegments().last(where: { $0 < number }) else { return nil }
        return try SealedContent(folder.sealed(last)).facts()
    }
}
