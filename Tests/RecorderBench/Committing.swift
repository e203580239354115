import Authorization
import KubernetesWire
import LocalState
import Masking
import NIOCore
import Recording
import Vocabulary

/// Writers at once, each of whom opens a change, waits until its opening is durable, closes it, and opens the next.
final class Committing {
    private static let fewest = 2_000
    private static let ofEach = 20

    private let feed: RecorderFeed
    private let permit: Permit
    private let target: MaskedText
    private var left: Int
    private var running: Int
    private var waits: [UInt64] = []
    private let done: EventLoopPromise<[UInt64]>
    private var generator = SystemRandomNumberGenerator()

    private init(
        _ feed: RecorderFeed, _ permit: Permit, writers: Int, _ done: EventLoopPromise<[UInt64]>
    ) throws {
        self.feed = feed
        self.permit = permit
        target = RecordedTarget.record(try RequestTarget("/api/v1/namespaces/shop/pods"))
        left = max(Self.fewest, writers * Self.ofEach)
        running = writers
        self.done = done
    }

    /// Lets the writers write for a while.
    ///
    /// - Returns: how long each opening waited, in nanoseconds.
    static func run(
        _ recorder: Recorder, on eventLoop: any EventLoop, _ permit: Permit, writers: Int
    ) async throws -> [UInt64] {
        let done = eventLoop.makePromise(of: [UInt64].self)
        try await eventLoop.submit {
            let committing = try Committing(recorder.makeFeed(on: eventLoop), permit, writers: writers, done)
            for _ in 0..<writers { committing.open() }
        }.get()
        return try await done.futureResult.get()
    }

    private func open() {
        guard left > 0 else {
            running -= 1
            if running == 0 { done.succeed(waits) }
            return
        }
        left -= 1
        let id = ExchangeID(at: .now(), using: &generator)
        let began = MonotonicClock.nanoseconds()
        feed.open(permit, Opening(bench: id, "POST", target)) { _ in
            self.waits.append(MonotonicClock.nanoseconds() - began)
            self.feed.close(
                Closing(
                    exchange: id, status: 201, outcome: .complete, requestBytes: 0, responseBytes: 0, omittedBytes: 0,
                    requestDigest: [], responseDigest: [], duration: 1_000_000, failure: nil, time: .now()))
            self.open()
        }
    }
}
