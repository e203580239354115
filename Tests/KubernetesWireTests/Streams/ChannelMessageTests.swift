import KubernetesWire
import Testing

@Suite struct ChannelMessageTests {
    private static let mask: [UInt8] = [0xA1, 0, 0xFF, 7]
    private static let bare = StreamProtocol.channels(ChannelLayout(.remoteCommand))
    private static let base64 = StreamProtocol.channels(ChannelLayout(.remoteCommand, isBase64: true))
    private static let fifth = StreamProtocol.channels(ChannelLayout(.remoteCommand, closesChannels: true))

    private func message(_ side: StreamSide, _ payload: [UInt8], _ opcode: UInt8 = 2) -> StreamStep {
        StreamStep(side, WireBytes.webSocket(opcode, payload, mask: side == .caller ? Self.mask : nil))
    }

    private func transcript(_ streamProtocol: StreamProtocol, _ steps: StreamStep...) -> StreamTranscript {
        let whole = StreamTranscript(streamProtocol, joined(steps))
        for split in splits(joined(steps), longestForThree: 100) {
            #expect(StreamTranscript(streamProtocol, split) == whole)
        }
        return whole
    }

    @Test func readsTheCloseOfAChannelSinceVersion5() {
        let read = transcript(Self.fifth, message(.caller, [0, 0x68, 0x69]), message(.caller, [255, 0]))
        #expect(read.description == "> data stdin \"hi\"\n> ended stdin\n")
    }

    @Test func takesALongerCloseForBytesOfThatChannel() {
        let read = transcript(Self.fifth, message(.caller, [255, 0, 1]), message(.caller, [255]))
        #expect(read.bytes(.caller, .other(255)) == [0, 1])
    }

    @Test func knowsNoCloseBeforeVersion5() {
        #expect(transcript(Self.bare, message(.caller, [255, 0])).bytes(.caller, .other(255)) == [0])
    }

    @Test func readsBytesOfAnUnknownChannelUnderItsNumber() {
        #expect(transcript(Self.bare, message(.cluster, [9, 1])).description == "< data other/9 \"\\u{01}\"\n")
    }

    @Test func passesOverEmptyMessages() {
        let read = transcript(Self.bare, message(.caller, []), message(.caller, [0]), message(.caller, [0, 0x61]))
        #expect(read.description == "> data stdin \"a\"\n")
    }

    @Test func readsBase64WithLineBreaks() {
        let read = transcript(Self.base64, message(.caller, Array("0aGVs\r\nbG8\n=".utf8), 1))
        #expect(read.description == "> data stdin \"hello\"\n")
    }

    @Test(arguments: ["aGVsbG8", "aGV*bG8=", "a===", "aGVsbG8=aGVs", "aG=V"])
    func marksWhatIsNoBase64AndReadsOn(text: String) {
        let read = transcript(
            Self.base64, message(.caller, Array("0\(text)".utf8), 1), message(.caller, Array("1b2s=".utf8), 1))
        #expect(read.description.contains("notBase64 stdin"))
        #expect(read.bytes(.caller, .stdout) == Array("ok".utf8))
        #expect(!read.raw(.caller).isEmpty)
        #expect(
            text.utf8.elementsEqual(
                Array(text.utf8.prefix(text.utf8.count - read.raw(.caller).count)) + read.raw(.caller)))
    }

    @Test func readsAFragmentOfTheCallersAsTheClusterDoes() {
        let first = WireBytes.webSocket(2, [0, 0x61], isFinal: false, mask: Self.mask)
        let second = WireBytes.webSocket(0, [4, 0x62], mask: Self.mask)
        let read = transcript(Self.bare, StreamStep(.caller, first + second))
        #expect(read.description == "> data stdin \"a\"\n> fragment\n> data resize \"b\"\n")
    }

    @Test func readsAFragmentOfTheClustersAsClientsDo() {
        let frames = WireBytes.webSocket(2, [1, 0x61], isFinal: false) + WireBytes.webSocket(0, [2, 0x62])
        let read = transcript(Self.bare, StreamStep(.cluster, frames))
        #expect(read.bytes(.cluster, .stdout) == [0x61, 2, 0x62])
    }

    @Test func tellsForwardedPortsApart() {
        let ports = StreamProtocol.channels(ChannelLayout(.portForward([80, 443])))
        let read = transcript(
            ports, message(.cluster, [2, 0xBB]), message(.cluster, [2]), message(.cluster, [2, 1]),
            message(.caller, [2, 0x61]),
            message(.cluster, [2, 0x62]), message(.cluster, [3, 0xBB, 1, 0x63]), message(.caller, [4, 0x64]))
        #expect(
            read.description == """
                < portAnnounced
                > data port/443/1/data "a"
                < data port/443/1/data "b"
                < portAnnounced
                < data port/443/1/error "c"
                > data other/4 "d"

                """)
    }

    @Test func takesForDataWhatIsNotThePort() {
        let ports = StreamProtocol.channels(ChannelLayout(.portForward([80])))
        let read = transcript(ports, message(.cluster, [0, 81, 0, 1]), message(.cluster, [0, 80, 0]))
        #expect(read.bytes(.cluster, .portData(port: 80, connection: 0)) == [81, 0, 1, 80, 0])
    }
}
