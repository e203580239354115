import Authorization
import Crypto
import KubernetesWire
import LocalState
import Masking
import NIOCore
import Recording
import Vocabulary

/// One exchange after the other, each of them a read, as the gateway's data path records them: opening, the body's digest
/// and chunks, closing.
final class Feeding {
    /// As much as a connection brings in one read.
    private static let chunk = 64 << 10
    /// Exchanges in one tick of the event loop.
    private static let batch = 32

    private let feed: RecorderFeed
    private let eventLoop: any EventLoop
    private let permit: Permit
    private var body: ByteBuffer
    private let target: MaskedText
    private var left: Int
    private let done: EventLoopPromise<Void>
    private var generator = SystemRandomNumberGenerator()

    private init(
        _ feed: RecorderFeed, _ eventLoop: any EventLoop, _ permit: Permit, bodies: Int, length: Int,
        _ done: EventLoopPromise<Void>
    ) throws {
        self.feed = feed
        self.eventLoop = eventLoop
        self.permit = permit
        // Like JSON: neither all the same nor all chance.
        let text = (0..<length / 32).map { "{\"name\":\"web-\($0)\",\"n\":\($0 &* 2_654_435_761 % 9_973)},\n" }.joined()
        body = ByteBuffer(bytes: Array(text.utf8).prefix(length))
        target = RecordedTarget.record(try RequestTarget("/api/v1/namespaces/shop/pods/web-0"))
        left = bodies
        self.done = done
    }

    /// Records so many exchanges with bodies of a length, on an event loop, no faster than the disk takes them.
    static func run(
        _ recorder: Recorder, on eventLoop: any EventLoop, _ permit: Permit, bodies: Int, length: Int
    ) async throws {
        let done = eventLoop.makePromise(of: Void.self)
        try await eventLoop.submit {
            let feeding = try Feeding(
                recorder.makeFeed(on: eventLoop), eventLoop, permit, bodies: bodies, length: length, done)
            feeding.step()
        }.get()
        try await done.futureResult.get()
    }

    private func step() {
        guard feed.isWritable else { return feed.whenWritable { self.step() } }
        for _ in 0..<min(left, Self.batch) {
            record()
            left -= 1
            if !feed.isWritable { break }
        }
        if left == 0 { return done.succeed() }
        eventLoop.assumeIsolated().execute { self.step() }
    }

    private func record() {
        let id = ExchangeID(at: .now(), using: &generator)
        // No two bodies are the same: equal ones would be stored once.
        body.setBytes(id.bytes, at: 0)
        feed.open(permit, Opening(bench: id, "GET", target)) { _ in }
        var digest = SHA256()
        var rest = body
        while let piece = rest.readSlice(length: min(Self.chunk, rest.readableBytes)), piece.readableBytes > 0 {
            piece.withUnsafeReadableBytes { digest.update(bufferPointer: $0) }
            var masker = BodyMasker.open
            guard let masked = try? masker.consume(piece) else { continue }
            let offset = UInt64(body.readableBytes - rest.readableBytes - piece.readableBytes)
            feed.chunk(id, .response, .body, offset: offset, masked.recorded, elapsed: 1)
        }
        feed.close(
            Closing(
                exchange: id, status: 200, outcome: .complete, requestBytes: 0,
                responseBytes: UInt64(body.readableBytes), omittedBytes: 0,
                requestDigest: Array(SHA256().finalize()), responseDigest: Array(digest.finalize()),
                duration: 1_000_000,
                failure: nil, time: .now()))
    }
}

extension Opening {
    /// What the gateway records of a request of kubectl's.
    init(bench id: ExchangeID, _ method: String, _ target: MaskedText) {
        self.init(
            exchange: id, invocation: "6f9619ff-8b86-d011-b42d-00c04fc964ff", method: method, target: target,
            headers: [],
            sourceAddress: "192.0.2.7", userAgent: "kubectl/v1.31.0 (linux/amd64)", callerAuditID: nil, time: .now())
    }
}
