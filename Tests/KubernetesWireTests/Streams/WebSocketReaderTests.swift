import KubernetesWire
import Testing

@Suite struct WebSocketReaderTests {
    private static let mask: [UInt8] = [0x12, 0x34, 0x56, 0x78]

    private func pieces(_ bytes: [UInt8]) -> [WebSocketReader.Piece] {
        var reader = WebSocketReader()
        var input = bytes[...]
        var pieces: [WebSocketReader.Piece] = []
        while let piece = reader.next(&input) { pieces.append(piece) }
        return pieces
    }

    @Test(arguments: [nil, mask]) func readsAMessage(mask: [UInt8]?) {
        let bytes = WireBytes.webSocket(2, Array("hello, world".utf8), mask: mask)
        #expect(pieces(bytes) == [.messageStart, .payload(Array("hello, world".utf8)[...]), .messageEnd])
    }

    @Test(arguments: [0, 125, 126, 65_535, 65_536]) func readsEveryFormOfLength(length: Int) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let read = pieces(WireBytes.webSocket(1, payload, mask: Self.mask))
        #expect(read == [.messageStart] + (length == 0 ? [] : [.payload(payload[...])]) + [.messageEnd])
    }

    @Test func readsControlFramesBetweenFragments() {
        let bytes =
            WireBytes.webSocket(2, [1], isFinal: false, mask: Self.mask) + WireBytes.webSocket(9, [9, 9])
            + WireBytes.webSocket(0, [2], isFinal: false) + WireBytes.webSocket(10, []) + WireBytes.webSocket(0, [3])
            + WireBytes.webSocket(8, [3, 0xE8, 0x62])
        #expect(
            pieces(bytes) == [
                .messageStart, .payload([1]), .control(.ping), .fragment, .payload([2]), .control(.pong), .fragment,
                .payload([3]), .messageEnd, .control(.closing(code: 1000)),
            ])
    }

    @Test func givesAPayloadOutAsItArrives() {
        // 2^63 - 1 bytes are announced; what is there is given out.
        var reader = WebSocketReader()
        var input: ArraySlice<UInt8> = [0x82, 127, 0x7F, 255, 255, 255, 255, 255, 255, 255, 5, 6]
        #expect(reader.next(&input) == .messageStart)
        #expect(reader.next(&input) == .payload([5, 6]))
        #expect(reader.next(&input) == nil)
        #expect(!reader.isBetweenMessages)
    }

    static let faults: [(StreamFault, [UInt8])] = [
        (.webSocketReservedBits, [0xC2, 0]), (.webSocketReservedBits, [0x92, 0]),
        (.webSocketUnknownOpcode, [0x83, 0]), (.webSocketUnknownOpcode, [0x8B, 0]),
        (.webSocketControlFrame, [0x09, 0]), (.webSocketControlFrame, [0x89, 126, 0, 126]),
        (.webSocketMessageOrder, [0x80, 0]),
        (.webSocketLength, [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]),
    ]

    @Test(arguments: faults) func staysRawAfterAFault(fault: StreamFault, bytes: [UInt8]) {
        #expect(pieces(bytes + [1, 2]) == [.undecodable(fault), .raw(bytes[...]), .raw([1, 2])])
    }

    @Test func refusesAMessageWithinAMessage() {
        let bytes = WireBytes.webSocket(2, [], isFinal: false) + [0x82, 0]
        #expect(pieces(bytes) == [.messageStart, .undecodable(.webSocketMessageOrder), .raw([0x82, 0])])
    }
}
