public import Authentication
public import Authorization
public import KubernetesWire
import LocalState
public import Masking
import NIOCore
public import Vocabulary

/// The recorder as one event loop sees it. Frames are collected without a lock and handed over once a tick; openings
/// that must be durable are answered when they are. To be used on its event loop only.
public final class RecorderFeed {
    private struct Waiting {
        let opening: Opening
        let permit: Permit
        let began: UInt64
        let then: (consuming Opened) -> Void
    }

    private let recorder: Recorder
    private let eventLoop: any EventLoop
    private var frames = FrameWriter()

    /// What keeps callers' secrets out of the words that are recorded of their requests; of the settings in force.
    public var words: RecordedWords {
        get { frames.words }
        set { frames.words = newValue }
    }
    private var waiting: [Waiting] = []
    /// Who waits for the record of an end to be written.
    private var endings: [() -> Void] = []
    private var isScheduled = false
    private var resumptions: [() -> Void] = []

    init(recorder: Recorder, eventLoop: any EventLoop) {
        self.recorder = recorder
        self.eventLoop = eventLoop
    }

    /// False while the recorder is behind: hold reads back, and resume with `whenWritable`.
    public var isWritable: Bool { recorder.hasRoom }

    /// Calls back once, on the loop, when the recorder has caught up.
    public func whenWritable(_ resume: @escaping () -> Void) {
        resumptions.append(resume)
        recorder.markCongested()
        // It may have caught up between the question and the mark.
        if recorder.hasRoom { eventLoop.assumeIsolated().execute { self.wake() } }
    }

    /// True for a request whose opening must be durable before it is forwarded.
    public func isDurable(_ request: RequestInfo) -> Bool {
        request.isMutation || recorder.configuration.durability == .all
    }

    /// Records that an exchange begins. The answer comes on the loop: at once for a read, unless all is to be durable;
    /// otherwise when the opening is on disk.
    public func open(_ permit: Permit, _ opening: Opening, then: @escaping (consuming Opened) -> Void) {
        if let failure = recorder.failure {
            recorder.countRefusal()
            return then(.refused(failure))
        }
        frames.open(permit.request, permit.decision, opening)
        guard isDurable(permit.request.requestInfo) else {
            schedule()
            return then(.receipt(Receipt(exchange: opening.exchange, permit: permit)))
        }
        waiting.append(Waiting(opening: opening, permit: permit, began: MonotonicClock.nanoseconds(), then: then))
        schedule()
    }

    /// Records a request that policy denied, and its end.
    public func refuse(_ denial: Denial, _ opening: Opening, status: Int) {
        frames.open(denial.request, denial.decision, opening)
        frames.close(Closing(refused: opening, status: status, failure: nil, duration: 0))
        schedule()
    }

    /// Records a session at its first exchange.
    public func session(_ caller: Authenticated, time: Timestamp) {
        frames.session(caller, time: time)
        schedule()
    }

    /// Records the text of a prompt.
    public func prompt(_ prompt: SentPrompt) {
        frames.prompt(prompt)
        schedule()
    }

    /// Records bytes of an exchange: from which offset of their direction and channel on, and how many nanoseconds after
    /// the exchange began.
    public func chunk(
        _ exchange: ExchangeID, _ direction: Direction, _ channel: RecordedChannel, offset: UInt64, _ bytes: Masked,
        elapsed: UInt64
    ) {
        frames.chunk(exchange, direction, channel, offset: offset, bytes, elapsed: elapsed)
        schedule()
    }

    /// Records that a side ended a channel, after so many bytes.
    public func end(
        _ exchange: ExchangeID, _ direction: Direction, _ channel: RecordedChannel, offset: UInt64, elapsed: UInt64
    ) {
        frames.end(exchange, direction, channel, offset: offset, elapsed: elapsed)
        schedule()
    }

    public func close(_ closing: Closing) {
        frames.close(closing)
        schedule()
    }

    /// Records an exchange's end, and calls back, on the loop, when the end of the process cannot lose the exchange's record
    /// any more; while the disk takes nothing, after the time for which an opening waits too.
    public func close(_ closing: Closing, then: @escaping () -> Void) {
        close(closing)
        if recorder.failure == .stopped { return then() }
        endings.append(then)
    }

    /// Records what happened to the record itself.
    public func note(_ note: GatewayNote) {
        frames.gateway(note.event, time: .now(), facts: note.facts)
        schedule()
    }

    /// Records a request that was refused before anybody was proven to stand behind it.
    public func decision(_ refused: RefusedRequest) {
        frames.decision(refused)
        schedule()
    }

    /// Records that somebody reads the record.
    public func reading(_ reading: RecordReading) {
        frames.decision(reading)
        schedule()
    }

    var callbacks: FeedCallbacks {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return FeedCallbacks(
            wake: { bound.eventLoop.execute { bound.value.wake() } },
            // A loop that is gone has nothing left to hand over.
            handOver: { try? await bound.eventLoop.submit { bound.value.handOver() }.get() })
    }

    private func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        eventLoop.assumeIsolated().execute { self.handOver() }
    }

    private func handOver() {
        isScheduled = false
        guard !frames.bytes.isEmpty else { return }
        recorder.submit(&frames.bytes, takeWaiting())
    }

    private func takeWaiting() -> [WaitingFrames] {
        var taken: [WaitingFrames] = []
        if !waiting.isEmpty {
            let bound = NIOLoopBound((feed: self, waiting: waiting), eventLoop: eventLoop)
            waiting = []
            taken.append(
                WaitingFrames(.durable, submittedAt: MonotonicClock.nanoseconds()) { fault in
                    bound.eventLoop.execute { bound.value.feed.answer(bound.value.waiting, fault) }
                })
        }
        if !endings.isEmpty {
            let bound = NIOLoopBound(endings, eventLoop: eventLoop)
            endings = []
            taken.append(
                WaitingFrames(.written, submittedAt: MonotonicClock.nanoseconds()) { _ in
                    bound.eventLoop.execute { for then in bound.value { then() } }
                })
        }
        return taken
    }

    private func answer(_ waiting: [Waiting], _ fault: RecordingFault?) {
        for one in waiting {
            guard let fault else {
                one.then(.receipt(Receipt(exchange: one.opening.exchange, permit: one.permit)))
                continue
            }
            // Its opening may reach the disk yet; then this end stands behind it.
            let duration = MonotonicClock.nanoseconds() - one.began
            close(Closing(refused: one.opening, status: 503, failure: "\(fault)", duration: duration))
            one.then(.refused(fault))
        }
    }

    private func wake() {
        guard recorder.hasRoom else { return recorder.markCongested() }
        let resumptions = resumptions
        self.resumptions = []
        for resume in resumptions { resume() }
    }
}

extension Closing {
    /// The end of an exchange that the gateway refused before a byte was forwarded.
    fileprivate init(refused opening: Opening, status: Int, failure: String?, duration: UInt64) {
        self.init(
            exchange: opening.exchange, status: status, outcome: .failed, requestBytes: 0, responseBytes: 0,
            omittedBytes: 0,
            requestDigest: [], responseDigest: [], duration: duration, failure: failure, time: opening.time)
    }
}
