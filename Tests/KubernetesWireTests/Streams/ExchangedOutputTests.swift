import KubernetesWire
import Testing

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
