/// What the feeds handed over and the writer has not yet written: frames in their order, and who waits for them.
struct HandedOver {
    var frames: [UInt8] = []
    /// Who waits for frames among them.
    var waiting: [WaitingFrames] = []

    var isEmpty: Bool { frames.isEmpty && waiting.isEmpty }

    /// Puts frames behind those that are there, without a copy where there are none, and leaves an empty buffer.
    mutating func take(_ more: inout [UInt8]) {
        if frames.isEmpty { return swap(&frames, &more) }
        frames += more
        more.removeAll(keepingCapacity: more.capacity <= JournalFormat.keptCapacity)
    }

    /// Forgets everything, and keeps the memory for what comes next unless it is much.
    mutating func clear() {
        frames.removeAll(keepingCapacity: frames.capacity <= JournalFormat.keptCapacity)
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
