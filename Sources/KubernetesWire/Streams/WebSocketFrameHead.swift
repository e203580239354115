/// The head of a WebSocket frame (RFC 6455 §5.2).
struct WebSocketFrameHead: Sendable {
    enum Opcode: UInt8 {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10
    }

    var opcode = Opcode.binary
    var isFinal = true
    var payloadLength: UInt64 = 0
    var key = WebSocketMaskingKey()

    var isControl: Bool { opcode.rawValue >= 8 }

    init() {}

    /// How many bytes the head has that begins so: two until they are known.
    static func length(of start: [UInt8]) -> Int {
        guard start.count >= 2 else { return 2 }
        return 2 + extraLength(start[1]) + (start[1] & 0x80 == 0 ? 0 : 4)
    }

    private static func extraLength(_ second: UInt8) -> Int {
        switch second & 0x7F {
        case 126: 2
        case 127: 8
        default: 0
        }
    }

    /// Reads a whole head. A length in a longer form than it needs is taken, as the peers take it.
    init(_ bytes: [UInt8], isInMessage: Bool) throws(StreamFault) {
        let (first, second) = (bytes[0], bytes[1])
        guard first & 0x70 == 0 else { throw .webSocketReservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .webSocketUnknownOpcode }
        self.opcode = opcode
        isFinal = first & 0x80 != 0
        let extra = Self.extraLength(second)
        payloadLength = UInt64(second & 0x7F)
        if extra > 0 { payloadLength = bytes[2..<2 + extra].reduce(0) { $0 << 8 | UInt64($1) } }
        guard payloadLength >> 63 == 0 else { throw .webSocketLength }
        if second & 0x80 != 0 { key = WebSocketMaskingKey(bytes.suffix(4)) }
        if isControl {
            guard isFinal, payloadLength <= 125 else { throw .webSocketControlFrame }
        } else {
            guard (opcode == .continuation) == isInMessage else { throw .webSocketMessageOrder }
        }
    }
}
