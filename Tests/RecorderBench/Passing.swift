import Authorization
import Crypto
import Foundation
import KubernetesWire
import LocalState
import Masking
import NIOCore
import Recording
import Vocabulary

/// One long answer on its way through masking and recording, in pieces as a connection brings them: read, masked, digested,
/// recorded. Nothing is forwarded.
final class Passing {
    /// What a body cost on its way.
    struct Cost {
        /// Of CPU, all threads together, without the reading of the body.
        let seconds: Double
        let bytes: Int
    }

    private static let chunk = 64 << 10

    private let feed: RecorderFeed
    private let eventLoop: any EventLoop
    private let body: FileHandle
    private let id: ExchangeID
    private var masker: BodyMasker
    private var digest = SHA256()
    private var received = 0
    private var recorded: UInt64 = 0
    /// Nanoseconds of this thread's CPU that reading took.
    private var reading: UInt64 = 0
    private let done: EventLoopPromise<Void>

    private init(
        _ feed: RecorderFeed, _ eventLoop: any EventLoop, _ permit: Permit, body: String, _ target: RequestTarget,
        _ done: EventLoopPromise<Void>
    ) throws {
        self.feed = feed
        self.eventLoop = eventLoop
        self.done = done
        guard let file = FileHandle(forReadingAtPath: body) else { throw BenchCaller.BadText() }
        self.body = file
        var generator = SystemRandomNumberGenerator()
        id = ExchangeID(at: .now(), using: &generator)
        let policy = MaskingPolicy(MaskingConfiguration(), keys: try MaskKeys(file: MaskKeys.generateFile()))
        let plan = policy.plan(
            for: try RequestInfo(method: "GET", target: target), cluster: "c", session: "s")
        masker = try plan.responseMasker(contentType: "application/json", contentEncoding: nil)
        feed.open(permit, Opening(bench: id, "GET", RecordedTarget.record(target))) { _ in }
    }

    /// Takes the body in a file through, no faster than the disk takes it. The request's target chooses the rules.
    static func run(
        _ recorder: Recorder, on eventLoop: any EventLoop, _ permit: Permit, body: String, target: RequestTarget
    ) async throws -> Cost {
        let before = ProcessCPU.nanoseconds()
        let done = eventLoop.makePromise(of: Void.self)
        let passing = try await eventLoop.submit {
            let feed = recorder.makeFeed(on: eventLoop)
            let passing = try Passing(feed, eventLoop, permit, body: body, target, done)
            passing.step()
            return NIOLoopBound(passing, eventLoop: eventLoop)
        }.get()
        try await done.futureResult.get()
        await recorder.stop()
        let all = ProcessCPU.nanoseconds() - before
        return try await eventLoop.submit {
            Cost(seconds: Double(all - passing.value.reading) / 1e9, bytes: passing.value.received)
        }.get()
    }

    private func step() {
        guard feed.isWritable else { return feed.whenWritable { self.step() } }
        do {
            let bytes = try read()
            let piece = try bytes.readableBytes == 0 ? masker.finish() : masker.consume(bytes)
            record(piece)
            guard bytes.readableBytes > 0 else { return close() }
        } catch { return done.fail(error) }
        eventLoop.assumeIsolated().execute { self.step() }
    }

    private func read() throws -> ByteBuffer {
        let before = ProcessCPU.nanoseconds(of: CLOCK_THREAD_CPUTIME_ID)
        var buffer = ByteBuffer()
        let descriptor = body.fileDescriptor
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.chunk) { space in
            max(0, Foundation.read(descriptor, space.baseAddress, Self.chunk))
        }
        received += count
        reading += ProcessCPU.nanoseconds(of: CLOCK_THREAD_CPUTIME_ID) - before
        return buffer
    }

    private func record(_ piece: MaskedPiece) {
        piece.received.withUnsafeReadableBytes { digest.update(bufferPointer: $0) }
        feed.chunk(id, .response, .body, offset: recorded, piece.recorded, elapsed: 1)
        recorded += UInt64(piece.recorded.bytes.readableBytes)
    }

    private func close() {
        let closing = Closing(
            exchange: id, status: 200, outcome: .complete, requestBytes: 0, responseBytes: recorded, omittedBytes: 0,
            requestDigest: Array(SHA256().finalize()), responseDigest: Array(digest.finalize()), duration: 1_000_000,
            failure: nil, time: .now())
        feed.close(closing) { self.done.succeed() }
    }
}
