import Testing
import Vocabulary

@testable import Replay

@Suite struct StreamTranscriptTests {
    private static let plain = TextStyle(colours: false)

    private static func chunk(_ direction: String, _ channel: String, _ milliseconds: Int, _ text: String)
        -> StreamedChunk
    {
        StreamedChunk(
            direction: direction, channel: channel, elapsed: milliseconds * 1_000_000, bytes: Array(text.utf8))
    }

    @Test func tellsWhatPassedInItsOrder() {
        var transcript = StreamTranscript()
        transcript.take(Self.chunk("request", "stdin", 10, "ls\n"))
        transcript.take(Self.chunk("response", "stdout", 20, "a\nb"))
        transcript.take(Self.chunk("response", "stdout", 900, "c\n"))
        transcript.take(Self.chunk("response", "stderr", 1_000, "no \u{1B}[2Jsuch\n"))
        transcript.take(Self.chunk("response", "stdout", 1_500, ""))
        #expect(
            transcript.text(Self.plain) == """
                  +0.01 s > stdin  ls
                  +0.02 s < stdout a
                          <        bc
                  +1.00 s < stderr no \\u{1b}[2Jsuch

                """)
    }

    @Test func aTerminalIsOneTextAndWhatWasTypedAnother() {
        var transcript = StreamTranscript(isTerminal: true)
        transcript.take(Self.chunk("request", "resize", 0, "{\"Width\":80,\"Height\":24}\n"))
        transcript.take(Self.chunk("response", "stdout", 1, "\u{1B}[31m$ \u{1B}[0m"))
        transcript.take(Self.chunk("request", "stdin", 2, "l"))
        transcript.take(Self.chunk("response", "stdout", 3, "l"))
        transcript.take(Self.chunk("request", "stdin", 4, "s\r"))
        transcript.take(Self.chunk("response", "stdout", 5, "s\r\n"))
        #expect(
            transcript.text(Self.plain) == """
                the terminal showed
                  $ ls
                typed
                  ls\\u{d}
                  +0.00 s > resize 80 × 24

                """)
    }

    @Test func ofALongChannelAPartIsShownAndTheRestCounted() {
        var transcript = StreamTranscript()
        for step in 0..<200 {
            transcript.take(Self.chunk("response", "stdout", step, String(repeating: "x", count: 999) + "\n"))
        }
        let text = transcript.text(Self.plain)
        #expect(text.hasSuffix("… 134 kB more: byline show EXCHANGE --response --channel stdout\n"))
        #expect(text.utf8.count < 80_000)
    }

    @Test func sequencesThatHideNothingAreLeftAwayAndOthersSpelledOut() {
        func shown(_ text: String) -> String { TerminalTranscript.text(Array(text.utf8)) }
        #expect(shown("\u{1B}]0;title\u{7}a\u{1B}[1;32mb\u{1B}[?2004h\r\n") == "ab\n")
        #expect(shown("a\u{1B}[2K\rb") == "a\\u{1b}[2K\\u{d}b")
        #expect(shown("\u{1B}]0;never ended\n") == "\\u{1b}]0;never ended\n")
        #expect(shown("\u{1B}") == "\\u{1b}")
    }

    @Test func chunksAreReadFromLinesSplitAnywhere() {
        let line = #"{"bytes":"aGk=","channel":"stdout","direction":"response","elapsed":7,"offset":0}"#
        let end = #"{"channel":"stdout","direction":"response","elapsed":9,"end":true,"offset":2}"#
        let bytes = Array("\(line)\nnonsense\n\(end)\n".utf8)
        for cut in 0...bytes.count {
            var chunks = StreamedChunks()
            let read = chunks.take(Array(bytes[..<cut])) + chunks.take(Array(bytes[cut...]))
            #expect(
                read == [
                    StreamedChunk(direction: "response", channel: "stdout", elapsed: 7, bytes: Array("hi".utf8)),
                    StreamedChunk(direction: "response", channel: "stdout", elapsed: 9, bytes: []),
                ])
        }
    }
}
