import LocalState
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The writing end of the journal: the current segment and what was not yet written to it.
///
/// `@unchecked Sendable`: after its initialiser it is touched on the recorder's serial queue only.
final class JournalWriter: @unchecked Sendable {
    /// What a segment may become before another is begun.
    struct SegmentLimit {
        let bytes: Int64
        let nanoseconds: UInt64
    }

    private let folder: JournalFolder
    private let calls: DiskCalls
    private let limit: SegmentLimit
    /// Told the number of each segment that is begun.
    private let onBegin: (UInt64) -> Void
    private let origin: [UInt8]
    private var segment: SegmentFile?
    /// On the monotonic clock.
    private var segmentBegan: UInt64 = 0
    private var nextNumber: UInt64
    private var waiting = HandedOver()
    /// What happened to a segment that was given up, to be said at the start of the next.
    private var abandoned: [(String, String)]?
    private var failingSince: Timestamp?
    private var lastFault: RecordingFault?

    init(
        folder: JournalFolder, recovered: Recovery.Result, limit: SegmentLimit, calls: DiskCalls,
        onBegin: @escaping (UInt64) -> Void
    ) throws(RecordingFault) {
        self.folder = folder
        self.calls = calls
        self.limit = limit
        self.onBegin = onBegin
        origin = recovered.origin
        nextNumber = recovered.nextSegment
        var frames = FrameWriter()
        frames.gateway(.started, time: .now())
        for closing in recovered.unknownClosings { frames.close(closing) }
        let segment = try beginSegment()
        try segment.append([frames.take()])
        try segment.syncData()
        self.segment = segment
    }

    var hasWork: Bool { !waiting.isEmpty }

    /// Takes what was handed over, and leaves nothing in its place.
    func take(_ handedOver: inout HandedOver) { waiting.take(&handedOver) }

    /// Writes all that waits, durable where somebody waits for that, and tells whoever waits.
    ///
    /// - Returns: how many bytes of what was handed over were written.
    func write(refusedWhileFailing refused: Int) throws(RecordingFault) -> Int {
        do throws(RecordingFault) { try writeAll(refused) } catch {
            failingSince = failingSince ?? .now()
            lastFault = error
            throw error
        }
        failingSince = nil
        lastFault = nil
        for frames in waiting.waiting where !frames.isRefused { frames.done(nil) }
        let count = waiting.count
        waiting.clear()
        return count
    }

    private func writeAll(_ refused: Int) throws(RecordingFault) {
        let mustBeDurable = failingSince != nil || waiting.waiting.contains { $0.need == .durable }
        if mustBeDurable, let segment {
            do throws(RecordingFault) { try segment.verifyPlace() } catch {
                if case .folderReplaced = error { abandon(error) } else { throw error }
            }
        }
        try rotate()
        let segment = try currentSegment()
        let before = segment.length
        try segment.append([whatHappened(refused: refused)] + waiting.batches)
        abandoned = nil
        guard mustBeDurable else { return }
        do throws(RecordingFault) { try segment.syncData() } catch {
            // What waits is written again, into the next segment.
            segment.cut(backTo: before)
            abandon(error)
            throw error
        }
    }

    /// Begins another segment when this one is long or old enough. What is in it is made durable first: after a crash only
    /// the last segment can have a torn tail.
    private func rotate() throws(RecordingFault) {
        guard let segment,
            segment.length >= limit.bytes || MonotonicClock.nanoseconds() - segmentBegan >= limit.nanoseconds
        else { return }
        do throws(RecordingFault) { try segment.syncData() } catch {
            abandon(error)
            throw error
        }
        self.segment = try beginSegment()
    }

    /// Leaves the segment for good: what it holds beyond its last sync is in doubt.
    private func abandon(_ fault: RecordingFault) {
        guard let segment else { return }
        abandoned = [
            ("fault", "\(fault)"), ("segment", String(segment.number)), ("syncedLength", String(segment.syncedLength)),
        ]
        self.segment = nil
    }

    private func currentSegment() throws(RecordingFault) -> SegmentFile {
        if let segment { return segment }
        do throws(FileFault) { try PrivateFile.makeFolder(folder.path) } catch { throw .file(error) }
        let segment = try beginSegment()
        self.segment = segment
        return segment
    }

    private func beginSegment() throws(RecordingFault) -> SegmentFile {
        let number = nextNumber
        let header = JournalFormat.header(origin: origin, segment: number, time: .now())
        let file: SegmentFile
        do throws(RecordingFault) {
            file = try SegmentFile.createExclusive(number, in: folder, header: header, calls: calls)
        } catch {
            // What a try before could neither finish nor take back stays; readers pass over it.
            if case .file(let fault) = error, fault.reason == .system(errno: EEXIST) { nextNumber += 1 }
            throw error
        }
        nextNumber += 1
        segmentBegan = MonotonicClock.nanoseconds()
        onBegin(number)
        return file
    }

    /// The frames that must stand before what waits: of a segment that was given up, and of a time without a disk.
    private func whatHappened(refused: Int) -> [UInt8] {
        var frames = FrameWriter()
        if let abandoned { frames.gateway(.abandoned, time: .now(), facts: abandoned) }
        if let failingSince {
            let facts = [
                ("fault", lastFault.map { "\($0)" } ?? ""), ("refused", String(refused)),
                ("since", failingSince.description),
            ]
            frames.gateway(.gap, time: .now(), facts: facts)
        }
        return frames.take()
    }

    /// Tells those who have waited longer than the patience that nothing may be forwarded. Their frames stay, to be
    /// written when the disk takes them.
    func refuseOverdue(_ fault: RecordingFault, patience milliseconds: Int) {
        let now = MonotonicClock.nanoseconds()
        for index in waiting.waiting.indices where !waiting.waiting[index].isRefused {
            let frames = waiting.waiting[index]
            guard now - frames.submittedAt >= UInt64(milliseconds) * 1_000_000 else { continue }
            waiting.waiting[index].isRefused = true
            frames.done(fault)
        }
    }

    /// Ends the journal as it should end.
    func finish() {
        var frames = FrameWriter()
        frames.gateway(.stopped, time: .now())
        for frames in waiting.waiting where !frames.isRefused { frames.done(.stopped) }
        waiting = HandedOver()
        // Nobody is left to tell: the next start reports a journal without its end.
        try? segment?.append([frames.take()])
        try? segment?.syncData()
        segment = nil
    }
}
