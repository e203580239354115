import Crypto
import LocalState
import NIOCore
import NIOPosix
import TestSupport
import Vocabulary

@testable import Authentication
@testable import Authorization
@testable import KubernetesWire
@testable import Masking
@testable import Recording

/// A recorder in a folder of its own, with one event loop that feeds it.
final class RecordingBench: Sendable {
    let folder: TemporaryFolder
    let recorder: Recorder
    private let feed: NIOLoopBound<RecorderFeed>
    private let eventLoop: any EventLoop
    private let cluster: ClusterName

    /// No name could be made of the test's text.
    struct BadName: Error {}

    init(configuration: RecorderConfiguration? = nil, calls: DiskCalls = .real) throws {
        var quick = RecorderConfiguration()
        quick.patience = 200
        guard let cluster = ClusterName("test") else { throw BadName() }
        self.cluster = cluster
        folder = try TemporaryFolder()
        recorder = try Recorder(folder: folder.path, configuration: configuration ?? quick, calls: calls)
        eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let (recorder, eventLoop) = (recorder, eventLoop)
        feed = try eventLoop.submit { NIOLoopBound(recorder.makeFeed(on: eventLoop), eventLoop: eventLoop) }.wait()
    }

    func mint() -> ExchangeID {
        var generator = SystemRandomNumberGenerator()
        return ExchangeID(at: .now(), using: &generator)
    }

    func onLoop<Value: Sendable>(_ body: @escaping @Sendable (RecorderFeed) -> Value) async throws -> Value {
        let feed = feed
        return try await eventLoop.submit { body(feed.value) }.get()
    }

    func isWritable() async throws -> Bool { try await onLoop { $0.isWritable } }

    /// A future that comes when the recorder has caught up.
    func resumption() async throws -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        try await onLoop { $0.whenWritable { promise.succeed() } }
        return promise.futureResult
    }

    /// Opens an exchange.
    ///
    /// - Returns: why it was refused; nil for a receipt.
    func open(_ id: ExchangeID, verb: String) async throws -> RecordingFault? {
        let promise = eventLoop.makePromise(of: RecordingFault?.self)
        let (permit, opening) = (permit(verb), opening(id))
        try await onLoop { feed in
            feed.open(permit, opening) { opened in
                switch consume opened {
                case .receipt(let receipt):
                    promise.succeed(receipt.exchange == id ? nil : .stopped)
                case .refused(let fault): promise.succeed(fault)
                }
            }
        }
        return try await promise.futureResult.get()
    }

    /// Records an exchange from its opening to its end, which is written when this returns. Its response comes in chunks;
    /// what the closing tells of it is the digest of `told`, where that is given.
    func whole(_ id: ExchangeID, response: [UInt8], told: [UInt8]? = nil, chunk: Int = 65_536) async throws {
        guard try await open(id, verb: "create") == nil else { throw BadName() }
        let digest = Array(SHA256.hash(data: told ?? response))
        let written = eventLoop.makePromise(of: Void.self)
        try await onLoop { feed in
            for start in stride(from: 0, to: response.count, by: chunk) {
                let piece = Masked(ByteBuffer(bytes: response[start..<min(start + chunk, response.count)]))
                feed.chunk(id, .response, .body, offset: UInt64(start), piece, elapsed: 1)
            }
            feed.close(
                Closing(
                    exchange: id, status: 200, outcome: .complete, requestBytes: 0,
                    responseBytes: UInt64(response.count),
                    omittedBytes: 0, requestDigest: Array(SHA256.hash(data: [])), responseDigest: digest, duration: 5,
                    failure: nil, time: .now())
            ) { written.succeed() }
        }
        try await written.futureResult.get()
    }

    func whole(_ id: ExchangeID, response: String, told: String? = nil) async throws {
        try await whole(id, response: Array(response.utf8), told: told.map { Array($0.utf8) })
    }

    /// Records an upgraded connection from its opening to its end. Each text is a chunk of its channel; the closing tells of
    /// each channel what its chunks are, unless `told` makes something else of it.
    func upgraded(
        _ id: ExchangeID, _ chunks: [(Direction, RecordedChannel, String)],
        told: @Sendable (inout StreamClosing) -> Void = { _ in }
    ) async throws {
        guard try await open(id, verb: "create") == nil else { throw BadName() }
        var stream = StreamClosing()
        stream.protocolName = "v4.channel.k8s.io"
        var texts: [RecordedChannel: (Direction, String)] = [:]
        let written = eventLoop.makePromise(of: Void.self)
        for (direction, channel, text) in chunks {
            let before = texts[channel]?.1 ?? ""
            texts[channel] = (direction, before + text)
            try await onLoop { feed in
                let bytes = Masked(ByteBuffer(string: text))
                feed.chunk(id, direction, channel, offset: UInt64(before.utf8.count), bytes, elapsed: 1)
            }
        }
        stream.channels = texts.map { channel, content in
            let bytes = Array(content.1.utf8)
            return StreamClosing.Channel(
                direction: content.0, channel: channel, bytes: UInt64(bytes.count),
                digest: Array(SHA256.hash(data: bytes)), end: .closed)
        }
        for channel in stream.channels {
            try await onLoop { $0.end(id, channel.direction, channel.channel, offset: channel.bytes, elapsed: 2) }
        }
        told(&stream)
        var closing = closing(id, .complete)
        closing.stream = stream
        try await onLoop { [closing] feed in feed.close(closing) { written.succeed() } }
        try await written.futureResult.get()
    }

    /// Fills the segment that is being written, and waits until it is sealed.
    func rotate() async throws {
        var generator = SystemRandomNumberGenerator()
        let segments = try JournalFolder(path: folder.path).segments()
        while try JournalFolder(path: folder.path).segments() == segments {
            try await whole(mint(), response: (0..<1 << 20).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        recorder.settle()
    }

    /// Opens many at once.
    ///
    /// - Returns: how many were refused.
    func openAll(_ ids: [ExchangeID], verb: String) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for id in ids { group.addTask { try await self.open(id, verb: verb) != nil } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }

    func untilHealthy() async throws {
        while recorder.health.failure != nil { try await Task.sleep(for: .milliseconds(5)) }
    }

    func gatewayFrames() throws -> [JSON] {
        var frames: [JSON] = []
        for number in try JournalFolder(path: folder.path).segments() {
            let reader = try SegmentReader(JournalFolder(path: folder.path).segment(number))
            while let frame = try reader.next() {
                if frame.kind == .gateway { frames.append(try JSON(parsing: frame.payload)) }
            }
        }
        return frames
    }

    func permit(_ verb: String) -> Permit {
        let identity = Identity(
            issuer: "https://issuer.example", username: "alice", groups: ["ops, night", "developers"])
        let byline = Byline([.model: "model-1", .promptID: "p-1"], trust: .asserted)
        let caller = Authenticated(
            identity: identity, session: .random(), byline: byline, expiration: Timestamp.now().advanced(bySeconds: 60))
        let info = RequestInfo(
            isResourceRequest: true, verb: verb, path: "/api/v1/pods", apiVersion: "v1", resource: "pods")
        return Permit(
            request: AccessRequest(caller: caller, cluster: cluster, requestInfo: info),
            decision: Decision(.allow, rule: "test"))
    }

    func opening(_ id: ExchangeID) -> Opening {
        Opening(
            exchange: id, invocation: nil, method: "POST", target: MaskedText("/api/v1/pods?x=\"\u{1}é"),
            headers: [("accept", MaskedText("*/*"))],
            sourceAddress: "127.0.0.1", userAgent: "test", callerAuditID: nil, time: .now())
    }

    func closing(_ id: ExchangeID, _ outcome: Outcome) -> Closing {
        Closing(
            exchange: id, status: 201, outcome: outcome, requestBytes: 11, responseBytes: 0, omittedBytes: 0,
            requestDigest: [1, 2], responseDigest: [3], duration: 5, failure: nil, time: .now())
    }
}
