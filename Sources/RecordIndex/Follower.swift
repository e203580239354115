import Dispatch
import Recording
import Synchronization

/// Reads the journal behind the recorder, on a queue of its own, and puts what it reads into the index. The recorder only
/// rings; what goes wrong here is tried again, and holds nobody up.
///
/// `@unchecked Sendable`: the reader and the writer are touched on the serial queue only.
final class Follower: @unchecked Sendable {
    private let queue = DispatchQueue(label: "byline.index", qos: .utility)
    private let journal: String
    private let writer: IndexWriter
    private var reader: JournalReader?
    private let isRung = Atomic<Bool>(false)
    private let isStopped = Atomic<Bool>(false)
    private let fault: Mutex<IndexFault?> = Mutex(nil)
    private let batches = Atomic<UInt64>(0)
    private let waiters = Waiters()
    private let watchers = Waiters()

    /// When segments that are gone are looked for again.
    private var nextForgetting = ContinuousClock.now

    /// How long frames gather before they are written, in milliseconds: each transaction writes every page that it
    /// touches, and many exchanges touch the same. Who asks a question has the index caught up first (`catchUp`), and
    /// who watches a session makes the pause short.
    private static let pause = 500
    private static let pauseWhenWatched = 20
    /// At most about so many frames or bytes a transaction.
    private static let batchFrames = 4_000
    private static let batchBytes = 8 << 20

    init(journal: String, database: IndexDatabase) {
        self.journal = journal
        writer = IndexWriter(database)
    }

    /// Why it cannot go on; nil while it can.
    var failure: IndexFault? { fault.withLock { $0 } }

    /// How many batches were written: another number, and there may be something new.
    var edition: UInt64 { batches.load(ordering: .acquiring) }

    /// There may be new frames. Returns at once; many rings close together are one.
    func ring() {
        guard !isRung.exchange(true, ordering: .acquiringAndReleasing) else { return }
        run(after: watchers.isEmpty ? Self.pause : Self.pauseWhenWatched)
    }

    private func run(after milliseconds: Int) {
        queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { self.run() }
    }

    /// Returns when everything is in the index that was in the journal at the call, or after the patience.
    func catchUp(patience: Duration) async {
        await waiters.wait(patience) { id in
            queue.async {
                self.run()
                self.waiters.wake(id)
            }
        }
    }

    /// Returns when a batch was written after that edition, or after the patience.
    func next(after edition: UInt64, patience: Duration) async {
        await watchers.wait(patience) { id in
            if self.edition != edition { return watchers.wake(id) }
            // What was rung for before somebody watched.
            if isRung.load(ordering: .acquiring) { run(after: Self.pauseWhenWatched) }
        }
    }

    /// Everything that is in the journal now, at once.
    func readAll() throws(IndexFault) {
        let result = queue.sync { Result { () throws(IndexFault) in try drain() } }
        try result.get()
    }

    /// Writes no more when this returns.
    func stop() async {
        isStopped.store(true, ordering: .releasing)
        watchers.wakeAll()
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }

    // MARK: on the queue

    private func run() {
        isRung.store(false, ordering: .releasing)
        do throws(IndexFault) {
            try drain()
            try forget()
            fault.withLock { $0 = nil }
        } catch {
            fault.withLock { $0 = error }
            // From the last transaction on.
            reader = nil
            guard !isStopped.load(ordering: .acquiring) else { return }
            queue.asyncAfter(deadline: .now() + .seconds(1)) { self.run() }
        }
    }

    private func drain() throws(IndexFault) {
        while !isStopped.load(ordering: .acquiring) {
            let frames = try nextBatch()
            guard let reader, !frames.isEmpty else { return }
            try writer.write(frames, next: reader.position)
            batches.add(1, ordering: .releasing)
            watchers.wakeAll()
        }
    }

    /// Once an hour, since segments are gone after months.
    private func forget() throws(IndexFault) {
        guard ContinuousClock.now >= nextForgetting else { return }
        let segments: [UInt64]
        do throws(RecordingFault) { segments = try JournalReader.segments(in: journal) } catch { throw .journal(error) }
        if let forgotten = ForgottenSegments(segments) { try writer.forget(forgotten) }
        nextForgetting = .now + .seconds(3_600)
    }

    private func nextBatch() throws(IndexFault) -> [JournalFrame] {
        var reader: JournalReader
        if let open = self.reader {
            reader = open
        } else {
            reader = JournalReader(folder: journal, from: try writer.position())
        }
        defer { self.reader = reader }
        do throws(RecordingFault) {
            var frames: [JournalFrame] = []
            var bytes = 0
            while frames.count < Self.batchFrames, bytes < Self.batchBytes, let frame = try reader.nextOutline() {
                frames.append(frame)
                bytes += frame.payload.count
            }
            return frames
        } catch { throw .journal(error) }
    }
}
