import FuzzSupport
import Glibc
import KubernetesWire
import NIOCore
import NIOEmbedded
import Vocabulary

@testable import Gateway
@testable import Masking
@testable import Recording

/// One upgraded connection through the gateway's tap, whose record goes nowhere.
final class Passage {
    private(set) var delivered: [UInt8] = []
    /// True where the gateway cuts the connection, because no secret could be masked in it.
    private(set) var isUnreadable = false
    /// What the caller gets through each channel.
    private(set) var payloads: [StreamChannel: [UInt8]] = [:]

    private let setting: Setting
    private let loop = EmbeddedEventLoop()
    private let tap: StreamTap
    private var reader: StreamDecoder

    init(_ setting: Setting) {
        self.setting = setting
        reader = StreamDecoder(setting.streamProtocol)
        let agreement = StreamTap.Agreement(
            name: nil, streamProtocol: setting.streamProtocol, isCommand: true, packsArchive: setting.packsArchive,
            isTerminal: setting.isTerminal)
        tap = StreamTap(
            .init(id: Self.exchange, tally: ExchangeTally(), status: 101, headers: [], masking: Self.plan), agreement,
            feed: RecorderFeed(recorder: Self.recorder, eventLoop: loop), onClose: { _ in })
    }

    func takeCaller(_ bytes: ArraySlice<UInt8>) {
        guard !isUnreadable else { return }
        let passed = take(bytes, .request)
        Property.hold(isUnreadable || passed == Array(bytes), "the caller's bytes are altered")
        note(passed, .caller)
    }

    func takeCluster(_ bytes: ArraySlice<UInt8>) {
        guard !isUnreadable else { return }
        deliver(take(bytes, .response))
    }

    /// As the tunnel does when nothing comes for a moment.
    func pause() {
        guard !isUnreadable, tap.holdsBack else { return }
        tap.beginRound()
        deliver(Array(tap.release().readableBytesView))
    }

    func finish() {
        deliver(Array(tap.finish().readableBytesView))
        tap.close(.complete, failure: nil)
        loop.run()
    }

    /// A channel's bytes as the masker makes them when they come at once.
    func masked(_ bytes: [UInt8]) -> [UInt8] {
        guard var masker = Self.plan.streamMasker(isTerminal: setting.isTerminal) else { return bytes }
        let pieces = [masker.consume(ByteBuffer(bytes: bytes)), masker.finish()]
        return pieces.flatMap { Array($0.delivered.bytes.readableBytesView) }
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ direction: Direction) -> [UInt8] {
        do throws(StreamTap.Unreadable) {
            return Array(try tap.take(ByteBuffer(bytes: bytes), direction).readableBytesView)
        } catch {
            isUnreadable = true
            return []
        }
    }

    private func deliver(_ bytes: [UInt8]) {
        delivered += bytes
        note(bytes, .cluster)
    }

    private func note(_ bytes: [UInt8], _ side: StreamSide) {
        for case .data(let channel, let data) in reader.feed(bytes[...], from: side) where side == .cluster {
            payloads[channel, default: []] += data
        }
    }

    // MARK: what all have

    private static let exchange: ExchangeID = {
        var generator = SystemRandomNumberGenerator()
        return ExchangeID(at: Timestamp(seconds: 1_780_000_000), using: &generator)
    }()

    static let plan: MaskingPlan = {
        var configuration = MaskingConfiguration()
        configuration.copies = .pass
        guard let keys = try? MaskKeys(file: MaskKeys.generateFile()) else { fatalError("no keys") }
        // Of a log, whose equal secrets have equal masks; those of an exec never have, so that two passages could not be compared.
        let request = RequestInfo(
            isResourceRequest: true, verb: "get", path: "", apiVersion: "v1", resource: "pods", subresource: "log")
        return MaskingPolicy(configuration, keys: keys).plan(for: request, cluster: "c", session: "s")
    }()

    private static let recorder: Recorder = {
        var calls = DiskCalls()
        calls.write = { _, bytes, _ in bytes.count }
        calls.sync = { _ in 0 }
        calls.letGo = { _, _ in }
        var configuration = RecorderConfiguration()
        configuration.segmentBytes = .max
        configuration.segmentAge = .max / 2_000_000_000
        let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let folder = "\(temporary)/byline-fuzz-output-\(UInt64.random(in: 0 ... .max))"
        guard let recorder = try? Recorder(folder: folder, configuration: configuration, calls: calls) else {
            fatalError("no recorder")
        }
        return recorder
    }()
}
