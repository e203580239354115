/// What the feeds handed over and the writer has not yet written: frames in their order, and who waits for them.
struct HandedOver {
    var frames: [UInt8] = []
    /// The openings among the frames that must be durable before they are answered.
    var openings: [WaitingOpenings] = []

    var isEmpty: Bool { frames.isEmpty && openings.isEmpty }

    /// Puts frames behind those that are there, without a copy where there are none, and leaves an empty buffer.
    mutating func take(_ more: inout [UInt8]) {
        if frames.isEmpty { return swap(&frames, &more) }
        frames += more
        more.removeAll(keepingCapacity: more.capacity <= JournalFormat.keptCapacity)
    }

    /// Forgets everything, and keeps the memory for what comes next unless it is much.
    mutating func clear() {
        frames.removeAll(keepingCapacity: frames.capacity <= JournalFormat.keptCapacity)
        openings.removeAll(keepingCapacity: true)
    }
}

/// Openings that one feed handed over at once, waiting to be durable.
struct WaitingOpenings: Sendable {
    /// On the monotonic clock.
    let submittedAt: UInt64
    /// Told once, when the openings are durable, or when it took too long.
    let done: @Sendable (RecordingFault?) -> Void
    /// True once they were told that it took too long.
    var isRefused = false

    init(submittedAt: UInt64, done: @escaping @Sendable (RecordingFault?) -> Void) {
        self.submittedAt = submittedAt
        self.done = done
    }
}
