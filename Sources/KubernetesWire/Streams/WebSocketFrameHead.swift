/// The head of a WebSocket frame (RFC 6455 §5.2).
struct FrameHead: Sendable {
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
    var key = MaskingKey()

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
        if second & 0x80 != 0 { key = MaskingKey(bytes.suffix(4)) }
        if isControl {
            guard isFinal, payloadLength <= 125 else { throw .webSocketControlFrame }
        } else {
            guard (opcode == .continuation) == isInMessage else { throw .webSocketMessageOrder }
        }
    }
}

/// What a payload is masked with, from the byte on that comes next (RFC 6455 §5.3).
struct MaskingKey: Sendable {
    /// The key with the next byte's part in its lowest byte; nil where the payload is not masked.
    private var word: UInt32?

    init() {}

    init(_ bytes: ArraySlice<UInt8>) {
        word = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The payload in clear. The next call goes on behind it.
    mutating func unmask(_ masked: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let word else { return masked }
        let double = UInt64(word) << 32 | UInt64(word)
        var clear = [UInt8](masked)
        clear.withUnsafeMutableBytes { bytes in
            var index = 0
            while index + 8 <= bytes.count {
                let eight = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                bytes.storeBytes(of: (eight ^ double).littleEndian, toByteOffset: index, as: UInt64.self)
                index += 8
            }
            while index < bytes.count {
                bytes[index] ^= UInt8(truncatingIfNeeded: double >> UInt64(index % 4 * 8))
                index += 1
            }
        }
        self.word = UInt32(truncatingIfNeeded: double >> UInt64(clear.count % 4 * 8))
        return clear[...]
    }
}
