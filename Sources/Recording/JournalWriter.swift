import LocalState
import Vocabulary

/// The writing end of the journal: the current segment and what was not yet written to it.
///
/// `@unchecked Sendable`: after its initialiser it is touched on the recorder's serial queue only.
final class JournalWriter: @unchecked Sendable {
    private let folder: JournalFolder
    private let calls: DiskCalls
    private let origin: [UInt8]
    private var segment: SegmentFile?
    private var nextNumber: UInt64
    private var waiting = HandedOver()
    /// What happened to the segment before, to be said in a gap frame at the start of the next.
    private var gap: [(String, String)]?
    private var failingSince: Timestamp?
    private var lastFault: RecordingFault?

    init(folder: JournalFolder, recovered: Recovery.Result, calls: DiskCalls) throws(RecordingFault) {
        self.folder = folder
        self.calls = calls
        origin = recovered.origin
        nextNumber = recovered.nextSegment
        var frames = FrameWriter()
        frames.gateway("started", time: .now())
        for closing in recovered.unknownClosings { frames.close(closing) }
        let segment = try beginSegment()
        try segment.append(frames.take())
        try segment.syncData()
        self.segment = segment
    }

    var hasWork: Bool { !waiting.isEmpty }

    /// Takes what was handed over, and leaves room for more in its place.
    func take(_ handedOver: inout HandedOver) {
        if waiting.isEmpty { return swap(&waiting, &handedOver) }
        waiting.take(&handedOver.frames)
        waiting.openings += handedOver.openings
        handedOver.openings.removeAll(keepingCapacity: true)
    }

    /// Writes all that waits, durable where an opening asks for it, and tells whoever waits.
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
        for opening in waiting.openings where !opening.isRefused { opening.done(nil) }
        let count = waiting.frames.count
        waiting.clear()
        return count
    }

    private func writeAll(_ refused: Int) throws(RecordingFault) {
        let mustBeDurable = failingSince != nil || !waiting.openings.isEmpty
        if mustBeDurable, let segment {
            do throws(RecordingFault) { try segment.verifyPlace() } catch {
                if case .folderReplaced = error { abandon(error) } else { throw error }
            }
        }
        let segment = try currentSegment()
        if let since = failingSince {
            try segment.append(gapFrame(since: since, refused: refused) + waiting.frames)
        } else {
            try segment.append(waiting.frames)
        }
        guard mustBeDurable else { return }
        do throws(RecordingFault) { try segment.syncData() } catch {
            abandon(error)
            throw error
        }
    }

    /// Leaves the segment for good: what it holds beyond its last sync is in doubt.
    private func abandon(_ fault: RecordingFault) {
        guard let segment else { return }
        gap = [
            ("fault", "\(fault)"), ("segment", String(segment.number)), ("syncedLength", String(segment.syncedLength)),
        ]
        self.segment = nil
    }

    private func currentSegment() throws(RecordingFault) -> SegmentFile {
        if let segment { return segment }
        do throws(FileFault) { try PrivateFile.makeFolder(folder.path) } catch { throw .file(error) }
        let segment = try beginSegment()
        if let gap {
            var frames = FrameWriter()
            frames.gateway("abandoned", time: .now(), facts: gap)
            try segment.append(frames.take())
            self.gap = nil
        }
        self.segment = segment
        return segment
    }

    private func beginSegment() throws(RecordingFault) -> SegmentFile {
        let header = JournalFormat.header(origin: origin, segment: nextNumber, time: .now())
        let file = try SegmentFile.createExclusive(nextNumber, in: folder, header: header, calls: calls)
        nextNumber += 1
        return file
    }

    private func gapFrame(since: Timestamp, refused: Int) -> [UInt8] {
        var frames = FrameWriter()
        let facts = [
            ("fault", lastFault.map { "\($0)" } ?? ""), ("refused", String(refused)), ("since", since.description),
        ]
        frames.gateway("gap", time: .now(), facts: facts)
        return frames.take()
    }

    /// Tells those who have waited longer than the patience that nothing may be forwarded. Their frames stay, to be
    /// written when the disk takes them.
    func refuseOverdue(_ fault: RecordingFault, patience milliseconds: Int) {
        let now = MonotonicClock.nanoseconds()
        for index in waiting.openings.indices where !waiting.openings[index].isRefused {
            let opening = waiting.openings[index]
            guard now - opening.submittedAt >= UInt64(milliseconds) * 1_000_000 else { continue }
            waiting.openings[index].isRefused = true
            opening.done(fault)
        }
    }

    /// Ends the journal as it should end.
    func finish() {
        var frames = FrameWriter()
        frames.gateway("stopped", time: .now())
        for opening in waiting.openings where !opening.isRefused { opening.done(.stopped) }
        waiting = HandedOver()
        // Nobody is left to tell: the next start reports a journal without its end.
        try? segment?.append(frames.take())
        try? segment?.syncData()
        segment = nil
    }
}
