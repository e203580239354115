import Foundation
import KubernetesWire
import Testing

@Suite struct StreamCaptureTests {
    /// Captured runs longer than this are cut in every two, shorter ones in every three.
    static let longestForThree = 120

    @Test func findsTheCaptures() { #expect(StreamCapture.all.count >= 10) }

    @Test(arguments: StreamCapture.all) func readsWhatWentThroughTheChannels(capture: StreamCapture) throws {
        let transcript = StreamTranscript(capture.streamProtocol, capture.steps)
        if ProcessInfo.processInfo.environment["BYLINE_REWRITE_CAPTURES"] != nil {
            try capture.rewrite(transcript.description)
        } else {
            #expect(transcript.description == capture.expected)
        }
    }

    @Test(arguments: StreamCapture.all) func readsTheSameHoweverItIsSplit(capture: StreamCapture) {
        let steps = joined(capture.steps)
        let whole = StreamTranscript(capture.streamProtocol, steps)
        for split in splits(steps, longestForThree: Self.longestForThree) {
            let transcript = StreamTranscript(capture.streamProtocol, split)
            guard transcript == whole else {
                Issue.record("split into \(split.map(\.bytes.count)): \(transcript)")
                return
            }
        }
    }

    @Test(arguments: StreamCapture.all) func readsTheSameByteByByte(capture: StreamCapture) {
        let bytes = capture.steps.flatMap { step in step.bytes.map { StreamStep(step.side, [$0]) } }
        #expect(
            StreamTranscript(capture.streamProtocol, bytes) == StreamTranscript(capture.streamProtocol, capture.steps))
    }

    @Test(arguments: StreamCapture.all) func givesEveryByteOutOnceOneIsWrong(capture: StreamCapture) {
        // A bit that only extensions set in a WebSocket, a version that is none in SPDY.
        let wrong: [UInt8] = [0xFF, 0xFF] + Array(repeating: 0xA5, count: 20)
        var steps = capture.steps
        steps.append(StreamStep(.caller, wrong))
        steps.append(StreamStep(.caller, [1, 2, 3]))
        #expect(StreamTranscript(capture.streamProtocol, steps).raw(.caller) == wrong + [1, 2, 3])
    }
}
