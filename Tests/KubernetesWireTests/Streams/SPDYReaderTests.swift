import KubernetesWire
import Testing

@Suite struct SPDYReaderTests {
    private func transcript(_ steps: StreamStep...) -> StreamTranscript {
        let whole = StreamTranscript(.spdy, joined(steps))
        for split in splits(joined(steps), longestForThree: 100) {
            #expect(StreamTranscript(.spdy, split) == whole)
        }
        return whole
    }

    private func open(_ stream: Int, _ type: String, flags: UInt8 = 0, isFirst: Bool = true) -> [UInt8] {
        WireBytes.spdyOpen(stream, [("streamtype", type)], flags: flags, isFirst: isFirst)
    }

    @Test func readsBothDirectionsOfAStream() {
        let read = transcript(
            StreamStep(.caller, open(1, "stdin") + WireBytes.spdyData(1, [0x61])),
            StreamStep(.cluster, WireBytes.spdyData(1, [0x62], isLast: true)),
            StreamStep(.caller, WireBytes.spdyData(1, [], isLast: true)))
        #expect(
            read.description == """
                > opened stdin
                > data stdin "a"
                < data stdin "b"
                < ended stdin
                > ended stdin

                """)
    }

    @Test func pairsTheStreamsOfAClientWithoutRequestID() {
        let error = WireBytes.spdyOpen(1, [("streamtype", "error"), ("port", "80")])
        let data = WireBytes.spdyOpen(3, [("streamtype", "data"), ("port", "80")], isFirst: false)
        #expect(
            transcript(StreamStep(.caller, error + data)).description
                == "> opened port/80/1/error\n> opened port/80/1/data\n")
    }

    @Test(arguments: [[("streamtype", "shell")], [("streamtype", "data"), ("port", "70000")], []])
    func readsAStreamOfNoKnownKindUnderItsID(headers: [(String, String)]) {
        let read = transcript(StreamStep(.caller, WireBytes.spdyOpen(5, headers) + WireBytes.spdyData(5, [1])))
        #expect(read.bytes(.caller, .other(5)) == [1])
    }

    @Test func readsDataOfAStreamThatWasNeverOpened() {
        #expect(transcript(StreamStep(.cluster, WireBytes.spdyData(7, [1, 2]))).bytes(.cluster, .other(7)) == [1, 2])
    }

    @Test func keepsAStreamsChannelWhereItsIDIsOpenedAgain() {
        let read = transcript(
            StreamStep(.caller, open(1, "stdin") + open(1, "resize", isFirst: false) + WireBytes.spdyData(1, [1])))
        #expect(read.bytes(.caller, .stdin) == [1])
    }

    @Test func knowsAStreamForAWhileAfterItsReset() {
        let read = transcript(
            StreamStep(
                .caller, open(1, "stdout") + WireBytes.spdyControl(3, WireBytes.bigEndian(1, 4) + [0, 0, 0, 5])),
            StreamStep(.cluster, WireBytes.spdyData(1, [1])))
        #expect(read.bytes(.cluster, .stdout) == [1])
        #expect(read.description.contains("> reset stdout\n"))
    }

    @Test func readsAnEndInSYNStreamAndSYNReply() {
        let read = transcript(
            StreamStep(.caller, open(1, "error", flags: 1)),
            StreamStep(
                .cluster,
                WireBytes.spdyControl(
                    2, flags: 1, WireBytes.bigEndian(1, 4) + WireBytes.stored(WireBytes.block([]), isFirst: true))
            ))
        #expect(
            read.description == "> opened error\n> ended error\n< frame of type 2\n< ended error\n")
    }

    @Test func remembersNoMoreStreamsThanItsLimit() {
        // Hostile: streams that are opened and never ended, beyond the limit of the table.
        let count = 8_200
        let opens = (0..<count).flatMap { open($0 * 2 + 1, "stdin", isFirst: $0 == 0) }
        let data = WireBytes.spdyData(1, [1]) + WireBytes.spdyData(count * 2 - 1, [2])
        let read = StreamTranscript(.spdy, [StreamStep(.caller, opens + data)])
        #expect(read.bytes(.caller, .stdin) == [1])
        #expect(read.bytes(.caller, .other(UInt32(count * 2 - 1))) == [2])
    }

    static let faults: [(StreamFault, [UInt8])] = [
        (.spdyVersion, [0x80, 2, 0, 6, 0, 0, 0, 4]),
        (.spdyFrameTooLong, [0x80, 3, 0, 4, 0, 0xFF, 0xFF, 0xFF]),
        (.spdyFrameTooShort, WireBytes.spdyControl(1, [0, 0, 0, 1])),
        (.spdyFrameTooShort, WireBytes.spdyControl(3, [0, 0, 0, 1])),
        (.spdyHeaders, WireBytes.spdyControl(2, [0, 0, 0, 1, 2, 3])),
        (.spdyHeaders, WireBytes.spdyControl(2, [0, 0, 0, 1] + WireBytes.stored([0, 0, 0, 9], isFirst: true))),
        (
            .spdyHeaders,
            WireBytes.spdyControl(2, [0, 0, 0, 1] + WireBytes.stored([0, 0, 0, 1, 255, 255, 255, 255], isFirst: true))
        ),
        (.spdyHeaders, WireBytes.spdyControl(2, [0, 0, 0, 1] + WireBytes.bomb(matches: 5_000))),
    ]

    @Test(arguments: faults) func staysRawAfterAFault(fault: StreamFault, bytes: [UInt8]) {
        let read = StreamTranscript(.spdy, [StreamStep(.caller, bytes + [1]), StreamStep(.caller, [2])])
        #expect(read.description.hasPrefix("> undecodable \(fault.rawValue)\n"))
        #expect(read.raw(.caller) == bytes + [1, 2])
    }

    @Test func readsOnInTheOtherDirection() {
        let read = transcript(
            StreamStep(.caller, open(1, "stdout") + [0x80, 9, 0, 0, 0, 0, 0, 0]),
            StreamStep(.cluster, WireBytes.spdyData(1, [1])))
        #expect(read.bytes(.cluster, .stdout) == [1])
    }

    @Test func readsPortForwardInsideAWebSocket() throws {
        let capture = try #require(StreamCapture.all.first { $0.name == "port-forward" })
        let bare = StreamTranscript(.spdy, capture.steps)
        let wrapped = capture.steps.map { step in
            StreamStep(
                step.side, WireBytes.webSocket(2, step.bytes, mask: step.side == .caller ? [1, 2, 3, 4] : nil))
        }
        #expect(StreamTranscript(.spdyInWebSocket, wrapped) == bare)
    }
}
