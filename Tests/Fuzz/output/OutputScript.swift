import KubernetesWire
import NIOCore
import Vocabulary

@testable import Gateway
@testable import Masking

/// What a cluster sends, made out of the fuzzer's bytes, and what the caller is to get for it.
struct OutputScript {
    enum Step {
        case caller([UInt8])
        case cluster([UInt8])
        case pause
    }

    private(set) var steps: [Step] = []
    var expected: [OutputToken] { OutputToken.joined(lanes.tokens) }
    /// All that was printed, where it went through one channel and nothing came between; nil elsewhere.
    private(set) var plain: [UInt8]? = []

    private static let longest = 40
    private let setting: Setting
    private var rest: ArraySlice<UInt8>
    private var lanes: ExpectedLanes
    private var plainChannel: UInt8?
    /// SPDY: the streams on which the cluster may still write, and whether it has sent headers.
    private var openStreams: Set<UInt8> = [1, 5, 7, 9]
    private var hasSentHeaders = false

    init(_ bytes: ArraySlice<UInt8>, _ setting: Setting) {
        self.setting = setting
        rest = bytes
        lanes = ExpectedLanes(setting)
        if setting.packsArchive { plain = nil }
        if setting.isSPDY { openAll() }
        var count = 0
        while count < Self.longest, !rest.isEmpty, setting.isSPDY ? addFrame() : addMessage() { count += 1 }
        lanes.finish()
    }

    private mutating func next() -> Int { Int(rest.popFirst() ?? 0) }

    /// Bytes that are secret in part, so that what is cut apart belongs together.
    private mutating func text() -> [UInt8] {
        let kind = next()
        switch kind & 15 {
        case 0: return Array("password=".utf8)
        case 1: return Array("ghp_".utf8)
        case 2: return Array("a7Zq9bX2c4D6e8F0g1H3i5J7k9L2m4N6o8P0".utf8)
        case 3: return [10]
        case 4: return Array("hunter22 ".utf8)
        // No key's block: it is judged by its end, which may come when lines that look like none were given.
        case 5: return Array(" --token ".utf8)
        case 6: return Array("AKIA".utf8)
        case 7: return [UInt8](repeating: UInt8(ascii: "x"), count: 1 + (kind >> 4) * 20)
        case 8: return []
        case 9: return Self.archive
        case 10: return [UInt8](repeating: 0, count: 512)
        case 11: return Array("https://u:pa55word@h/".utf8)
        default:
            let count = next() & 63
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
    }

    /// A tar's header of a file of 600 bytes.
    private static let archive: [UInt8] = {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) {
            block.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        put("a", at: 0)
        put("1130", at: 124)
        put("        ", at: 148)
        put("ustar", at: 257)
        let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0}", at: 148)
        return block
    }()

    private mutating func cluster(_ bytes: [UInt8]) { steps.append(.cluster(bytes)) }

    private mutating func pass(_ bytes: [UInt8]) {
        cluster(bytes)
        lanes.pass(bytes)
    }

    private mutating func prints(_ bytes: [UInt8], _ channel: UInt8) {
        guard !bytes.isEmpty else { return }
        lanes.output(channel, bytes)
        if plainChannel == nil { plainChannel = channel }
        if plainChannel == channel { plain? += bytes } else { plain = nil }
    }

    private mutating func pause() {
        steps.append(.pause)
        lanes.pause()
        plain = nil
    }

    private mutating func callerSends() {
        let count = next() & 31
        // A masked frame; SPDY: a ping.
        let frame =
            setting.isSPDY
            ? [0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 1]
            : [0x82, 0x80 | UInt8(count), 1, 2, 3, 4] + (0..<UInt8(count)).map { $0 ^ 7 }
        steps.append(.caller(frame))
    }

    // MARK: WebSocket

    /// Adds a message or a control frame; false at the end.
    private mutating func addMessage() -> Bool {
        let choice = next()
        switch choice & 15 {
        case 0...7: message(UInt8(1 + choice & 1), text(), choice >> 4)
        case 8: pass(Self.frame(choice & 16 == 0 ? 9 : 10, Array("beat".utf8)))
        case 9: message(UInt8(1 + choice >> 4 & 1), [], choice >> 5)
        case 10: message([0, 3, 4][(choice >> 4) % 3], text(), choice >> 6)
        case 11: pause()
        case 12: callerSends()
        case 13:
            guard setting.layout?.closesChannels == true else { return true }
            let channel = UInt8(choice >> 4 & 3)
            lanes.end(channel)
            plain = nil
            pass(Self.frame(2, [255, channel]))
        case 14:
            guard choice & 0xF0 == 0xF0 else { return true }
            lanes.finish()
            pass(Self.frame(8, [3, 232]))
            return false
        default: message(UInt8(1), text() + text() + text(), choice >> 4)
        }
        return true
    }

    private static func frame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
        let length: [UInt8] =
            switch payload.count {
            case ..<126: [UInt8(payload.count)]
            case ..<65_536: [126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
            default: [127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
            }
        return [(isFinal ? 0x80 : 0) | opcode] + length + payload
    }

    /// Adds a message in up to four frames, with control frames between them.
    private mutating func message(_ number: UInt8, _ payload: [UInt8], _ cuts: Int) {
        let isBase64 = setting.layout?.isBase64 == true
        let isOutput = number == 1 || number == 2
        let body =
            isBase64 ? [UInt8(ascii: "0") + number] + Array(Base64.encode(payload).utf8) : [number] + payload
        var places = [0]
        for _ in 0..<(cuts & 3) { places.append(min(body.count, (places.last ?? 0) + next())) }
        places.append(body.count)
        var seen = 0
        var waiting: [UInt8] = []
        for index in 1..<places.count {
            let isFinal = index == places.count - 1
            let frame = Self.frame(
                index > 1 ? 0 : isBase64 ? 1 : 2, Array(body[places[index - 1]..<places[index]]), isFinal: isFinal)
            cluster(frame)
            let read = places[index] - 1
            let known = max(0, isBase64 ? min(read / 4 * 3, payload.count) : read)
            let data = Array(payload[seen..<max(seen, known)])
            seen += data.count
            if isOutput {
                prints(data, number)
                waiting = seen > 0 ? [] : waiting + frame
            } else {
                if !data.isEmpty {
                    lanes.finish()
                    plain = nil
                }
                waiting += frame
                if seen > 0 {
                    lanes.pass(waiting)
                    waiting = []
                }
            }
            if !isFinal, next() & 1 == 0 { pass(Self.frame(9, [UInt8(index)])) }
        }
        lanes.pass(waiting)
    }

    // MARK: SPDY

    private mutating func openAll() {
        var isFirst = true
        for (stream, type) in [(1, "error"), (3, "stdin"), (5, "stdout"), (7, "stderr"), (9, "resize")] {
            let block = Self.block([("streamtype", type)], isFirst: isFirst)
            steps.append(.caller(Self.control(1, [0, 0, 0, UInt8(stream), 0, 0, 0, 0, 0, 0] + block)))
            isFirst = false
        }
    }

    /// Adds a frame; false at the end.
    private mutating func addFrame() -> Bool {
        let choice = next()
        let stream: UInt8 = [5, 7, 5, 7, 5, 1, 9, 3][choice >> 4 & 7]
        switch choice & 15 {
        case 0...6: data([5, 7][choice & 1], text() + text(), isLast: false)
        case 7: data(stream, text(), isLast: choice & 128 != 0)
        case 8: pass(Self.control(6, [0, 0, 0, UInt8(choice >> 4)]))
        case 9: pass(Self.control(9, [0, 0, 0, stream, 0, 0, 1, 0]))
        case 10: pass(Self.control(4, [0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 255, 255]))
        case 11: pause()
        case 12: callerSends()
        case 13:
            let block = Self.block([("a", "b")], isFirst: !hasSentHeaders)
            hasSentHeaders = true
            pass(Self.control(choice & 16 == 0 ? 2 : 8, [0, 0, 0, stream] + block))
        case 14:
            guard openStreams.remove(stream) != nil else { return true }
            lanes.end(Self.channel(stream))
            plain = nil
            pass(Self.control(3, [0, 0, 0, stream, 0, 0, 0, 5]))
        default: pass(Self.control(7, [0, 0, 0, 9, 0, 0, 0, 0]))
        }
        return true
    }

    private mutating func data(_ stream: UInt8, _ bytes: [UInt8], isLast: Bool) {
        guard openStreams.contains(stream) else { return }
        let frame = Self.dataFrame(stream, bytes, isLast: isLast)
        cluster(frame)
        let channel = Self.channel(stream)
        if channel > 0 {
            prints(bytes, channel)
        } else {
            if !bytes.isEmpty {
                lanes.finish()
                plain = nil
            }
            lanes.pass(frame)
        }
        guard isLast else { return }
        openStreams.remove(stream)
        guard channel > 0 else { return }
        plain = nil
        lanes.end(channel)
        lanes.pass(Self.dataFrame(stream, [], isLast: true))
    }

    private static func channel(_ stream: UInt8) -> UInt8 { stream == 5 ? 1 : stream == 7 ? 2 : 0 }

    private static func dataFrame(_ stream: UInt8, _ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        [0, 0, 0, stream, isLast ? 1 : 0] + [16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
    }

    private static func control(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [0x80, 3, 0, type, 0] + [16, 8, 0].map { UInt8(truncatingIfNeeded: body.count >> $0) } + body
    }

    /// Headers, deflated without being compressed.
    private static func block(_ headers: [(String, String)], isFirst: Bool) -> [UInt8] {
        func number(_ number: Int) -> [UInt8] { [0, 0, UInt8(number >> 8), UInt8(number & 255)] }
        let bytes =
            number(headers.count)
            + headers.flatMap { [$0.0, $0.1].flatMap { number($0.utf8.count) + Array($0.utf8) } }
        let length = [UInt8(bytes.count & 255), UInt8(bytes.count >> 8)]
        return (isFirst ? [0x78, 0xF9, 0xE3, 0xC6, 0xA7, 0xC2] : []) + [0] + length + length.map { ~$0 } + bytes
    }
}

/// The channels of output as the caller is to get them: lanes that are fed without frames.
struct ExpectedLanes {
    private(set) var tokens: [OutputToken] = []
    private let setting: Setting
    private var lanes: [(channel: UInt8, lane: StreamLane)] = []

    init(_ setting: Setting) { self.setting = setting }

    mutating func pass(_ bytes: [UInt8]) { tokens.append(.framing(bytes)) }

    mutating func output(_ channel: UInt8, _ bytes: [UInt8]) {
        for index in lanes.indices where lanes[index].channel != channel {
            give(lanes[index].lane.yield(), lanes[index].channel)
        }
        if !lanes.contains(where: { $0.channel == channel }), let lane = newLane(channel) {
            lanes.append((channel, lane))
        }
        guard let index = lanes.firstIndex(where: { $0.channel == channel }) else { return }
        give(lanes[index].lane.consume(ByteBuffer(bytes: bytes)), channel)
    }

    mutating func pause() {
        guard lanes.contains(where: { $0.lane.holdsBack }) else { return }
        for index in lanes.indices { lanes[index].lane.beginRound() }
        for index in lanes.indices { give(lanes[index].lane.release(), lanes[index].channel) }
    }

    /// Something comes behind which all that was printed before must stand.
    mutating func finish() {
        for index in lanes.indices { give(lanes[index].lane.finish(), lanes[index].channel) }
    }

    mutating func end(_ channel: UInt8) {
        guard let index = lanes.firstIndex(where: { $0.channel == channel }) else { return }
        var lane = lanes.remove(at: index).lane
        give(lane.finish(), channel)
    }

    private func newLane(_ channel: UInt8) -> StreamLane? {
        let isArchive = channel == 1 && setting.packsArchive
        return Passage.plan.streamMasker(isTerminal: setting.isTerminal).map {
            StreamLane($0, isArchive ? .archive(ArchivePassage()) : .masked)
        }
    }

    private mutating func give(_ parts: [StreamLane.Part], _ channel: UInt8) {
        for part in parts { tokens.append(.output(channel, Array(part.delivered.readableBytesView))) }
    }
}
