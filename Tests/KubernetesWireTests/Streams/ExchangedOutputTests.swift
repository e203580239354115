import KubernetesWire
import Testing
import Vocabulary

/// Output that is taken out of captured connections and put back, in frames made anew.
@Suite struct ExchangedOutputTests {
    static let commands = StreamCapture.all.filter(\.streamProtocol.carriesOutput)

    /// What the caller gets when each piece of output is exchanged.
    private static func delivered(
        _ streamProtocol: StreamProtocol, _ steps: [StreamStep], _ exchange: ([UInt8]) -> [UInt8]
    ) -> [StreamStep] {
        var decoder = StreamDecoder(streamProtocol, exchangesOutput: true)
        return steps.map { step in
            var output: [UInt8] = []
            for event in decoder.feed(step.bytes[...], from: step.side) where step.side == .cluster {
                switch event {
                case .data(let channel, let bytes) where channel.isOutput:
                    decoder.frame(exchange(Array(bytes)), of: channel, into: &output)
                case .framing(let bytes): output += bytes
                default: break
                }
            }
            return StreamStep(step.side, step.side == .caller ? step.bytes : output)
        }
    }

    @Test(arguments: commands) func whatIsNotExchangedReadsAsItCameHoweverItIsSplit(capture: StreamCapture) {
        let steps = joined(capture.steps)
        let came = StreamTranscript(capture.streamProtocol, steps)
        for split in splits(steps, longestForThree: 0) {
            let passed = StreamTranscript(
                capture.streamProtocol, Self.delivered(capture.streamProtocol, split) { $0 })
            for side in StreamSide.allCases {
                guard Self.words(passed, side) == Self.words(came, side), passed.commandExit == came.commandExit,
                    passed.isWhole == came.isWhole
                else {
                    Issue.record("split into \(split.map(\.bytes.count)): \(passed)")
                    return
                }
            }
        }
    }

    @Test(arguments: commands) func framesThatComeWholePassByteForByte(capture: StreamCapture) {
        guard capture.name != "web-socket-fragments" else { return }
        let steps = joined(capture.steps)
        #expect(Self.delivered(capture.streamProtocol, steps) { $0 } == steps)
    }

    @Test(arguments: commands) func longerAndShorterOutputKeepsEverythingElse(capture: StreamCapture) {
        let longer: ([UInt8]) -> [UInt8] = { $0.flatMap { [$0, UInt8(ascii: "+")] } }
        for (exchange, channel) in [(longer, StreamChannel.stdout), ({ _ in [] }, .stderr)] {
            let came = StreamTranscript(capture.streamProtocol, capture.steps)
            let passed = StreamTranscript(
                capture.streamProtocol, Self.delivered(capture.streamProtocol, capture.steps, exchange))
            #expect(passed.bytes(.cluster, channel) == exchange(came.bytes(.cluster, channel)))
            #expect(passed.bytes(.cluster, .error) == came.bytes(.cluster, .error))
            #expect(passed.commandExit == came.commandExit && passed.isWhole == came.isWhole)
        }
    }

    /// What is held back of the output is given before it, and would stand inside a frame that passed in part.
    @Test(arguments: [false, true]) func nothingOfTheVerdictsFramePassesBeforeItsData(isBase64: Bool) {
        let text = #"{"status":"Success"}"#
        let body = isBase64 ? "3" + Base64.encode(text.utf8) : "\u{3}" + text
        let frame = WireBytes.webSocket(isBase64 ? 1 : 2, Array(body.utf8))
        var decoder = StreamDecoder(.channels(ChannelLayout(.remoteCommand, isBase64: isBase64)), exchangesOutput: true)
        var passed: [UInt8] = []
        var told: [UInt8] = []
        for byte in frame {
            for event in decoder.feed([byte], from: .cluster) {
                switch event {
                case .data(.error, let bytes): told += bytes
                case .framing(let bytes):
                    #expect(!told.isEmpty)
                    passed += bytes
                default: Issue.record("\(event)")
                }
            }
        }
        #expect(passed == frame && told == Array(text.utf8))
    }

    @Test func aFrameWithoutDataPassesWhereItsStreamIsNoOutput() {
        let open =
            WireBytes.spdyOpen(1, [("streamtype", "error")])
            + WireBytes.spdyOpen(3, [("streamtype", "stdout")], isFirst: false)
        let empty = WireBytes.spdyData(1, [])
        let steps = [
            StreamStep(.caller, open),
            StreamStep(.cluster, empty + WireBytes.spdyData(3, [65]) + WireBytes.spdyData(3, []) + empty),
        ]
        #expect(
            Self.delivered(.spdy, steps) { $0 }.last?.bytes == empty + WireBytes.spdyData(3, [65]) + empty)
    }

    @Test func aLongExchangeIsSplitIntoFrames() {
        let text = [UInt8](repeating: 0x61, count: 100_000)
        for streamProtocol: StreamProtocol in [
            .channels(ChannelLayout(.remoteCommand)), .channels(ChannelLayout(.remoteCommand, isBase64: true)),
        ] {
            var output: [UInt8] = []
            StreamDecoder(streamProtocol, exchangesOutput: true).frame(text, of: .stderr, into: &output)
            let transcript = StreamTranscript(streamProtocol, [StreamStep(.cluster, output)])
            #expect(transcript.bytes(.cluster, .stderr) == text && transcript.isWhole)
        }
    }

    /// What one side did, without the order between the two; output without its frames' bounds.
    private static func words(_ transcript: StreamTranscript, _ side: StreamSide) -> [Substring] {
        transcript.description.split(separator: "\n").filter {
            $0.hasPrefix(side == .caller ? ">" : "<") && !$0.hasSuffix("fragment")
        }
    }
}
