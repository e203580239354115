/// What the feeds handed over and the writer has not yet written: frames in their order, and who waits for them.
struct HandedOver {
    /// Frames are joined into batches of so many bytes, since one large write costs less than many small ones.
    private static let batchBytes = 1 << 20
    /// Empty batches that are kept: fresh memory costs more than what is written to it.
    private static let spareCount = 4

    private(set) var batches: [[UInt8]] = []
    /// Bytes of all batches.
    private(set) var count = 0
    private var spares: [[UInt8]] = []
    /// Who waits for frames among them.
    var waiting: [WaitingFrames] = []

    var isEmpty: Bool { count == 0 && waiting.isEmpty }

    /// Puts frames behind those that are there, and leaves an empty buffer.
    mutating func take(_ frames: inout [UInt8]) {
        count += frames.count
        if let last = batches.indices.last, batches[last].count + frames.count <= Self.batchBytes {
            batches[last] += frames
            frames.removeAll(keepingCapacity: true)
        } else if frames.count >= Self.batchBytes / 2 {
            batches.append(frames)
            frames = []
        } else {
            var batch = spares.popLast() ?? []
            batch.reserveCapacity(Self.batchBytes)
            batch += frames
            batches.append(batch)
            frames.removeAll(keepingCapacity: true)
        }
    }

    /// Puts what was handed over later behind this, and leaves nothing there.
    mutating func take(_ later: inout HandedOver) {
        if isEmpty { return swap(&self, &later) }
        batches += later.batches
        count += later.count
        waiting += later.waiting
        later = HandedOver()
    }

    /// Forgets everything, and keeps memory for what comes next.
    mutating func clear() {
        while var batch = batches.popLast() {
            guard spares.count < Self.spareCount, batch.capacity < 2 * Self.batchBytes else { continue }
            batch.removeAll(keepingCapacity: true)
            spares.append(batch)
        }
        count = 0
        waiting.removeAll(keepingCapacity: true)
    }
}

/// Frames that one feed handed over at once and that somebody waits for.
struct WaitingFrames: Sendable {
    /// What they wait for.
    enum Need: Sendable {
        /// That the frames are with the system: the end of the process does not lose them.
        case written
        /// That they are on disk: the end of the machine does not lose them.
        case durable
    }

    let need: Need
    /// On the monotonic clock.
    let submittedAt: UInt64
    /// Told once, when it is so, or when it took too long.
    let done: @Sendable (RecordingFault?) -> Void
    /// True once they were told that it took too long.
    var isRefused = false

    init(_ need: Need, submittedAt: UInt64, done: @escaping @Sendable (RecordingFault?) -> Void) {
        self.need = need
        self.submittedAt = submittedAt
        self.done = done
    }
}
