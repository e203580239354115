import FuzzSupport
import KubernetesWire

/// What a command prints, masked on its way to the caller in frames made anew.
///
/// The first byte chooses: its lowest bit whether the rest is anything at all, in steps as the target `streams` has them, or
/// a script of frames as a cluster sends them; then the protocol (two bits), a terminal, an archive, and pauses inside of
/// frames. Whatever comes, nothing crashes, and where it is cut does not matter. Of a script the caller gets each channel's
/// output as the maskers make it, every other frame byte for byte, and all in their order.
@main enum OutputTarget {
    static func main() { Fuzzer.run() }

    /// Of a longer input the beginning does: what is held back is looked through with each byte that comes.
    private static let longest = 4_096

    static func test(_ input: FuzzInput) {
        guard let choice = input.bytes.first else { return }
        let setting = Setting(choice)
        let rest = input.bytes.dropFirst().prefix(longest)
        if choice & 1 == 0 { testAnything(rest, setting, input) } else { testScript(rest, setting, input) }
    }

    private static func testAnything(_ bytes: ArraySlice<UInt8>, _ setting: Setting, _ input: FuzzInput) {
        let whole = Passage(setting)
        let cut = Passage(setting)
        var rest = bytes
        while let head = rest.popFirst() {
            let step = rest.prefix(Int(head >> 1))
            rest = rest[step.endIndex...]
            if head & 1 == 0 {
                whole.takeCaller(step)
                cut.takeCaller(step)
            } else {
                whole.takeCluster(step)
                for piece in input.pieces(of: step, seed: 1) { cut.takeCluster(piece) }
            }
        }
        whole.finish()
        cut.finish()
        guard !whole.isUnreadable, !cut.isUnreadable else { return }
        Property.hold(whole.payloads == cut.payloads, "where what came is cut matters")
    }

    private static func testScript(_ bytes: ArraySlice<UInt8>, _ setting: Setting, _ input: FuzzInput) {
        let script = OutputScript(bytes, setting)
        let whole = Passage(setting)
        let cut = Passage(setting)
        for step in script.steps {
            switch step {
            case .caller(let bytes):
                whole.takeCaller(bytes[...])
                cut.takeCaller(bytes[...])
            case .cluster(let bytes):
                whole.takeCluster(bytes[...])
                for piece in input.pieces(of: bytes[...], seed: 2) {
                    cut.takeCluster(piece)
                    if setting.pausesAnywhere, piece.count.isMultiple(of: 2) { cut.pause() }
                }
            case .pause:
                whole.pause()
                cut.pause()
            }
        }
        for passage in [whole, cut] {
            passage.finish()
            Property.hold(!passage.isUnreadable, "what a cluster sends is taken for something else")
            let tokens = OutputReading.read(passage.delivered, setting)
            if setting.pausesAnywhere, passage === cut {
                Property.hold(OutputToken.framing(tokens) == OutputToken.framing(script.expected), "a frame is altered")
            } else {
                Property.hold(
                    tokens == script.expected,
                    "the caller gets something else, \(passage === cut ? "cut" : "whole"): \(OutputToken.words(tokens)) instead of \(OutputToken.words(script.expected))"
                )
            }
        }
        if let plain = script.plain {
            Property.hold(OutputToken.output(script.expected) == whole.masked(plain), "a message's bounds matter")
        }
    }
}

@_cdecl("LLVMFuzzerTestOneInput") func testOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    OutputTarget.test(FuzzInput(start, count))
    return 0
}

/// What was agreed upon.
struct Setting {
    let streamProtocol: StreamProtocol
    let isTerminal: Bool
    let packsArchive: Bool
    let pausesAnywhere: Bool

    init(_ choice: UInt8) {
        streamProtocol =
            [
                .spdy, .channels(ChannelLayout(.remoteCommand, closesChannels: true)),
                .channels(ChannelLayout(.remoteCommand)), .channels(ChannelLayout(.remoteCommand, isBase64: true)),
            ][Int(choice >> 1 & 3)]
        isTerminal = choice & 8 != 0
        packsArchive = choice & 16 != 0 && !isTerminal
        pausesAnywhere = choice & 32 != 0
    }

    var isSPDY: Bool { streamProtocol == .spdy }
    var layout: ChannelLayout? { if case .channels(let layout) = streamProtocol { layout } else { nil } }
}

/// A part of what the caller gets.
enum OutputToken: Equatable {
    /// What a command printed, by its channel's number on a WebSocket.
    case output(UInt8, [UInt8])
    /// Frames that pass as they came.
    case framing([UInt8])

    /// Neighbours of one kind joined, and what is empty left out.
    static func joined(_ tokens: [OutputToken]) -> [OutputToken] {
        tokens.reduce(into: []) { joined, token in
            switch (joined.last, token) {
            case (.output(let channel, let some), .output(let same, let more)) where channel == same:
                joined[joined.count - 1] = .output(channel, some + more)
            case (.framing(let some), .framing(let more)): joined[joined.count - 1] = .framing(some + more)
            case (_, .output(_, [])), (_, .framing([])): break
            default: joined.append(token)
            }
        }
    }

    static func framing(_ tokens: [OutputToken]) -> [UInt8] {
        tokens.reduce(into: []) { all, token in
            if case .framing(let bytes) = token { all += bytes }
        }
    }

    static func words(_ tokens: [OutputToken]) -> [String] {
        tokens.map { token in
            switch token {
            case .output(let channel, let bytes): "\(channel) \(String(decoding: bytes, as: UTF8.self))"
            case .framing(let bytes): "\(bytes)"
            }
        }
    }

    static func output(_ tokens: [OutputToken]) -> [UInt8] {
        tokens.reduce(into: []) { all, token in
            if case .output(_, let bytes) = token { all += bytes }
        }
    }
}
