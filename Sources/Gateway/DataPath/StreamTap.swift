import KubernetesWire
import LocalState
import Masking
import NIOCore
import NIOHTTP1
import Recording
import Vocabulary

/// Records an upgraded connection while its bytes pass: what was agreed upon at its 101 is read into channels, and each
/// channel's bytes are recorded with their times. What cannot be read is recorded raw from there on, and the close says so.
///
/// It sees bytes only after they were received and before they are passed on, and gives nothing back: it neither delays
/// nor alters them. Whoever is to transform what a channel carries does so in `take(_:_:_:)`, the one place that every
/// byte of every channel comes through, decoded and in its order, and frames it anew for the other side.
final class StreamTap {
    /// What of the exchange comes to the tap.
    struct Exchange {
        let id: ExchangeID
        let tally: ExchangeTally
        let status: Int?
        let headers: [(String, MaskedText)]
        /// nil where nothing is masked.
        let masking: MaskingPlan?
    }

    /// What the two sides agreed to speak.
    struct Agreement {
        /// The answer's own word for it.
        let name: String?
        /// nil where it is nothing that can be read.
        let streamProtocol: StreamProtocol?
    }

    private static let unknownProtocol = "unknownProtocol"
    private static let tooManyChannels = "tooManyChannels"

    private let exchange: Exchange
    private let agreement: Agreement
    private let feed: RecorderFeed
    private let onClose: (ExchangeTally) -> Void
    private var tally: ExchangeTally
    private var decoder: StreamDecoder?
    private var events: [StreamEvent] = []
    private var totals = ChannelTotals()
    private var undecoded: [Direction: String] = [:]
    private var maskers: [MaskerKey: TextMasker] = [:]

    private struct MaskerKey: Hashable {
        let direction: Direction
        let channel: RecordedChannel
    }

    init(
        _ exchange: Exchange, _ agreement: Agreement, feed: RecorderFeed, onClose: @escaping (ExchangeTally) -> Void
    ) {
        self.exchange = exchange
        self.agreement = agreement
        self.feed = feed
        self.onClose = onClose
        tally = exchange.tally
        decoder = agreement.streamProtocol.map { StreamDecoder($0) }
    }

    var isWritable: Bool { feed.isWritable }

    func whenWritable(_ resume: @escaping () -> Void) { feed.whenWritable(resume) }

    /// Takes in what one side sent next.
    func record(_ bytes: ByteBuffer, _ direction: Direction) {
        let elapsed = tally.elapsed
        _ = tally.add(bytes, direction, recorded: true)
        guard decoder != nil else {
            if undecoded[direction] == nil { undecoded[direction] = Self.unknownProtocol }
            return write(bytes, .raw, direction, elapsed)
        }
        decoder?.feed(Array(bytes.readableBytesView)[...], from: direction.side, into: &events)
        for event in events { take(event, direction, elapsed) }
        events.removeAll(keepingCapacity: events.capacity <= 1_024)
    }

    private func take(_ event: StreamEvent, _ direction: Direction, _ elapsed: UInt64) {
        switch event {
        case .opened(let channel): _ = totals.begin(direction, .stream(channel))
        case .data(let channel, let bytes): write(ByteBuffer(bytes: bytes), .stream(channel), direction, elapsed)
        case .raw(let bytes): write(ByteBuffer(bytes: bytes), .raw, direction, elapsed)
        case .ended(let channel): end(channel, direction, .closed, elapsed)
        case .reset(let channel): end(channel, direction, .reset, elapsed)
        case .undecodable(let fault): undecoded[direction] = fault.rawValue
        case .control(.notBase64): if undecoded[direction] == nil { undecoded[direction] = "notBase64" }
        case .control: break
        }
    }

    private func write(_ bytes: ByteBuffer, _ wanted: RecordedChannel, _ direction: Direction, _ elapsed: UInt64) {
        var channel = wanted
        if !totals.begin(direction, channel) {
            undecoded[direction] = Self.tooManyChannels
            channel = .raw
            _ = totals.begin(direction, channel)
        }
        let key = MaskerKey(direction: direction, channel: channel)
        guard var masker = maskers.removeValue(forKey: key) ?? exchange.masking?.streamMasker() else { return }
        write(masker.consume(bytes), key, elapsed)
        // The record keeps the times: only the beginning of a secret waits for what comes.
        write(masker.release(), key, elapsed)
        maskers[key] = masker
    }

    private func write(_ piece: MaskedPiece, _ key: MaskerKey, _ elapsed: UInt64) {
        guard piece.recorded.bytes.readableBytes > 0 || !piece.maskings.isEmpty else { return }
        tally.count(piece, key.direction)
        let offset = piece.recorded.bytes.withUnsafeReadableBytes { totals.add($0, key.direction, key.channel) }
        feed.chunk(exchange.id, key.direction, key.channel, offset: offset, piece.recorded, elapsed: elapsed)
    }

    /// Records what a masker still holds.
    private func finishMasker(_ key: MaskerKey, _ elapsed: UInt64) {
        guard var masker = maskers.removeValue(forKey: key) else { return }
        write(masker.finish(), key, elapsed)
    }

    private func end(
        _ channel: StreamChannel, _ direction: Direction, _ how: StreamClosing.Channel.End, _ elapsed: UInt64
    ) {
        finishMasker(MaskerKey(direction: direction, channel: .stream(channel)), elapsed)
        guard totals.begin(direction, .stream(channel)),
            let bytes = totals.end(direction, .stream(channel), how)
        else { return }
        feed.end(exchange.id, direction, .stream(channel), offset: bytes, elapsed: elapsed)
    }

    func close(_ outcome: Outcome, failure: String?) {
        for key in Array(maskers.keys) { finishMasker(key, tally.elapsed) }
        var closing = tally.closing(
            exchange.id, status: exchange.status, outcome: outcome, failure: failure, time: .now(),
            conceal: { exchange.masking?.conceal($0) ?? $0 })
        closing.headers = exchange.headers
        closing.stream = summary()
        feed.close(closing)
        onClose(tally)
    }

    private func summary() -> StreamClosing {
        var stream = StreamClosing()
        stream.channels = totals.channels
        stream.unlisted = totals.unlisted
        stream.undecoded = undecoded
        guard decoder != nil else { return stream }
        stream.protocolName = agreement.name
        stream.exit = decoder?.commandExit
        stream.cut = Direction.allCases.filter { undecoded[$0] == nil && decoder?.isWhole($0.side) == false }
        return stream
    }
}

extension Direction {
    fileprivate var side: StreamSide { self == .request ? .caller : .cluster }
}

extension StreamTap.Agreement {
    init(_ answer: StreamProtocol.Answer, request: RequestInfo?, query: String?) {
        name = answer.subprotocol ?? answer.upgrade
        streamProtocol = request.flatMap { StreamProtocol(info: $0, query: query, answer: answer) }
    }
}

extension StreamProtocol.Answer {
    init(_ head: HTTPResponseHead) {
        self.init(
            upgrade: head.headers.first(name: "upgrade"),
            subprotocol: head.headers.first(name: "sec-websocket-protocol"))
    }
}
