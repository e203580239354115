import KubernetesWire
import LocalState
import Masking
import NIOCore
import NIOHTTP1
import Recording
import Vocabulary

/// What passes through an upgraded connection: what was agreed upon at its 101 is read into channels, and each channel's
/// bytes are masked and recorded with their times. What cannot be read is recorded raw from there on, and the close says so.
///
/// Where masking rules apply, what a command prints reaches the caller masked, in frames made anew; everything else that
/// the cluster sends passes as it came, in its place behind what was printed before it. Of what cannot be read into channels, as a
/// proxied WebSocket, the secrets are overwritten in their place. The caller's own bytes, a forwarded port's and, where no rule
/// applies, all of them pass untouched.
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
        /// True for an exec or attach, whose output must be read to be masked.
        let isCommand: Bool
        /// True for an exec of a tar that writes an archive to its standard output.
        let packsArchive: Bool
        let isTerminal: Bool

        /// True where what a command prints can be masked on its way.
        var carriesOutput: Bool { streamProtocol?.carriesOutput == true }
    }

    /// Nothing more can be delivered: what the cluster sends cannot be read, so that no secret can be masked in it.
    struct Unreadable: Error {}

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
    private var unmasked: [String] = []
    private var lanes: [LaneKey: StreamLane] = [:]
    /// The channels of output that are masked on their way, in the order in which they began.
    private var outputs: [LaneKey] = []
    private var sealed: SealedChannel
    /// True where output is masked on its way.
    private let masksOutput: Bool
    /// True where nothing can be read into channels, and secrets are overwritten in the bytes as they pass.
    private let masksRaw: Bool
    /// What the caller is to get next.
    private var outgoing: [UInt8] = []

    private struct LaneKey: Hashable {
        let direction: Direction
        var channel: RecordedChannel
    }

    init(
        _ exchange: Exchange, _ agreement: Agreement, feed: RecorderFeed, onClose: @escaping (ExchangeTally) -> Void
    ) {
        self.exchange = exchange
        self.agreement = agreement
        self.feed = feed
        self.onClose = onClose
        tally = exchange.tally
        sealed = SealedChannel(exchange.id, exchange.masking)
        let isMasked = exchange.masking?.masksOutput == true
        masksOutput = isMasked && agreement.carriesOutput
        masksRaw = isMasked && agreement.streamProtocol == nil
        let exchanges = masksOutput
        decoder = agreement.streamProtocol.map { StreamDecoder($0, exchangesOutput: exchanges) }
        if masksOutput || masksRaw { tally.deliver(ByteBuffer()) }
        if isMasked, !masksOutput, !masksRaw { unmasked.append("ports") }
    }

    var isWritable: Bool { feed.isWritable }

    func whenWritable(_ resume: @escaping () -> Void) { feed.whenWritable(resume) }

    // MARK: what passes

    /// Takes in what one side sent next.
    ///
    /// - Parameters:
    ///   - bytes: as they came.
    ///   - direction: which side's.
    /// - Returns: what the other side gets now.
    /// - Throws: where nothing may be delivered any more.
    func take(_ bytes: ByteBuffer, _ direction: Direction) throws(Unreadable) -> ByteBuffer {
        let elapsed = tally.elapsed
        _ = tally.add(bytes, direction, recorded: true)
        guard decoder != nil else {
            if undecoded[direction] == nil { undecoded[direction] = Self.unknownProtocol }
            if agreement.isCommand, masksRaw { throw Unreadable() }
            record(bytes, .raw, direction, elapsed)
            return masksRaw && direction == .response ? takeOutgoing() : bytes
        }
        decoder?.feed(Array(bytes.readableBytesView)[...], from: direction.side, into: &events)
        for event in events { take(event, direction, elapsed) }
        events.removeAll(keepingCapacity: events.capacity <= 1_024)
        guard masksOutput, direction == .response else { return bytes }
        if undecoded[.response] != nil { throw Unreadable() }
        return takeOutgoing()
    }

    /// True while something is held back that `release` may give.
    var holdsBack: Bool { outputs.contains { lanes[$0]?.holdsBack == true } }

    /// Something is held back, and is to be given with the `release` after `StreamTap.patience`.
    func beginRound() { for key in outputs { lanes[key]?.beginRound() } }

    /// Gives what was held back from the caller for a moment. To be called every `StreamTap.patience`, as long as
    /// something is.
    func release() -> ByteBuffer {
        for key in outputs { give(lanes[key]?.release(), key, tally.elapsed) }
        return takeOutgoing()
    }

    /// Gives all that is held back from the caller: the connection ends.
    func finish() -> ByteBuffer {
        finishOutput(tally.elapsed)
        return takeOutgoing()
    }

    /// How long what may be cut in the middle of a secret is held back at least, and at most twice as long: what comes in
    /// that time is seen together with it. The beginning of a token with a prefix of its own, such as `AKIA`, or of a private
    /// key waits for half a second; nobody types them.
    static let patience = TimeAmount.milliseconds(4)

    private func takeOutgoing() -> ByteBuffer {
        let bytes = ByteBuffer(bytes: outgoing)
        outgoing.removeAll(keepingCapacity: outgoing.capacity <= 128 << 10)
        tally.deliver(bytes)
        return bytes
    }

    private func take(_ event: StreamEvent, _ direction: Direction, _ elapsed: UInt64) {
        switch event {
        case .opened(let channel): _ = totals.begin(direction, .stream(channel))
        case .data(let channel, let bytes):
            // The command's end is told behind all that it printed, and no frame is made inside another.
            if direction == .response, !channel.isOutput { finishOutput(elapsed) }
            record(ByteBuffer(bytes: bytes), .stream(channel), direction, elapsed)
        case .raw(let bytes): record(ByteBuffer(bytes: bytes), .raw, direction, elapsed)
        case .ended(let channel): end(channel, direction, .closed, elapsed)
        case .reset(let channel): end(channel, direction, .reset, elapsed)
        case .undecodable(let fault): undecoded[direction] = fault.rawValue
        case .control(.notBase64): if undecoded[direction] == nil { undecoded[direction] = "notBase64" }
        case .control(.closing): if direction == .response { finishOutput(elapsed) }
        case .control: break
        case .framing(let bytes): outgoing += bytes
        }
    }

    // MARK: channels

    private func record(_ bytes: ByteBuffer, _ wanted: RecordedChannel, _ direction: Direction, _ elapsed: UInt64) {
        var key = LaneKey(direction: direction, channel: wanted)
        if !totals.begin(direction, wanted) {
            undecoded[direction] = Self.tooManyChannels
            key.channel = .raw
            _ = totals.begin(direction, .raw)
        }
        // What another channel holds back came before.
        for other in outputs where other != key && direction == .response {
            give(lanes[other]?.yield(), other, elapsed)
        }
        guard var lane = lanes.removeValue(forKey: key) ?? begin(key) else {
            // Nothing is looked through of what is open to everybody.
            var masker = BodyMasker.open
            if let piece = try? masker.consume(bytes) { write(piece, key, elapsed) }
            return
        }
        let parts = lane.consume(bytes)
        if lane.passesArchive, !unmasked.contains("archive") { unmasked.append("archive") }
        lanes[key] = lane
        give(parts, key, elapsed)
    }

    private func begin(_ key: LaneKey) -> StreamLane? {
        if masksRaw, key.direction == .response {
            outputs.append(key)
            return exchange.masking?.streamMasker(keepsLength: true).map { StreamLane($0, .masked) }
        }
        guard masksOutput, key.direction == .response, case .stream(let channel) = key.channel, channel.isOutput else {
            return exchange.masking?.streamMasker().map { StreamLane($0, .received) }
        }
        outputs.append(key)
        let mayPass = channel == .stdout && agreement.packsArchive && exchange.masking?.copies == .pass
        return exchange.masking?.streamMasker(isTerminal: agreement.isTerminal).map {
            StreamLane($0, mayPass ? .archive(ArchivePassage()) : .masked)
        }
    }

    /// Records what was masked, and puts what the caller gets of it into frames.
    private func give(_ parts: [StreamLane.Part]?, _ key: LaneKey, _ elapsed: UInt64) {
        for part in parts ?? [] {
            write(part.piece, key, elapsed)
            if masksRaw, key.direction == .response { outgoing += part.delivered.readableBytesView }
            guard masksOutput, key.direction == .response, case .stream(let channel) = key.channel, channel.isOutput,
                part.delivered.readableBytes > 0
            else { continue }
            decoder?.frame(part.delivered.readableBytesView, of: channel, into: &outgoing)
        }
    }

    private func write(_ piece: MaskedPiece, _ key: LaneKey, _ elapsed: UInt64) {
        guard piece.recorded.bytes.readableBytes > 0 || !piece.maskings.isEmpty else { return }
        tally.count(piece, key.direction)
        let offset = piece.recorded.bytes.withUnsafeReadableBytes { totals.add($0, key.direction, key.channel) }
        feed.chunk(exchange.id, key.direction, key.channel, offset: offset, piece.recorded, elapsed: elapsed)
        sealed.seal(piece.maskings, key.direction, key.channel, &tally, feed)
    }

    private func finishOutput(_ elapsed: UInt64) {
        for key in outputs { give(lanes[key]?.finish(), key, elapsed) }
    }

    private func finishLane(_ key: LaneKey, _ elapsed: UInt64) {
        guard var lane = lanes.removeValue(forKey: key) else { return }
        outputs.removeAll { $0 == key }
        give(lane.finish(), key, elapsed)
    }

    private func end(
        _ channel: StreamChannel, _ direction: Direction, _ how: StreamClosing.Channel.End, _ elapsed: UInt64
    ) {
        finishLane(LaneKey(direction: direction, channel: .stream(channel)), elapsed)
        guard totals.begin(direction, .stream(channel)),
            let bytes = totals.end(direction, .stream(channel), how)
        else { return }
        feed.end(exchange.id, direction, .stream(channel), offset: bytes, elapsed: elapsed)
    }

    func close(_ outcome: Outcome, failure: String?) {
        for key in Array(lanes.keys) { finishLane(key, tally.elapsed) }
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
        stream.unmasked = unmasked
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
        isCommand = request?.runsCommand == true
        packsArchive = request?.packsArchive(query: query) == true
        isTerminal = CommandQuery(query).isTerminal
    }
}

extension StreamProtocol.Answer {
    init(_ head: HTTPResponseHead) {
        self.init(
            upgrade: head.headers.first(name: "upgrade"),
            subprotocol: head.headers.first(name: "sec-websocket-protocol"))
    }
}
