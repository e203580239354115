/// Frames for the tests, made by hand.
enum WireBytes {
    static func webSocket(
        _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, mask: [UInt8]? = nil
    ) -> [UInt8] {
        let length: [UInt8] =
            switch payload.count {
            case ..<126: [UInt8(payload.count)]
            case ..<65_536: [126] + bigEndian(payload.count, 2)
            default: [127] + bigEndian(payload.count, 8)
            }
        var frame = [(isFinal ? 0x80 : 0) | opcode] + length
        guard let mask else { return frame + payload }
        frame[1] |= 0x80
        return frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    static func spdyControl(_ type: UInt8, flags: UInt8 = 0, _ body: [UInt8]) -> [UInt8] {
        [0x80, 3, 0, type, flags] + bigEndian(body.count, 3) + body
    }

    static func spdyData(_ stream: Int, _ payload: [UInt8], isLast: Bool = false) -> [UInt8] {
        bigEndian(stream, 4) + [isLast ? 1 : 0] + bigEndian(payload.count, 3) + payload
    }

    /// A SYN_STREAM whose headers are deflated without being compressed.
    static func spdyOpen(
        _ stream: Int, _ headers: [(String, String)], flags: UInt8 = 0, isFirst: Bool = true
    ) -> [UInt8] {
        spdyControl(
            1, flags: flags, bigEndian(stream, 4) + [0, 0, 0, 0, 0, 0] + stored(block(headers), isFirst: isFirst))
    }

    static func block(_ headers: [(String, String)]) -> [UInt8] {
        bigEndian(headers.count, 4)
            + headers.flatMap { field in
                [field.0, field.1].flatMap { bigEndian($0.utf8.count, 4) + Array($0.utf8) }
            }
    }

    /// The head of a zlib stream that asks for SPDY's dictionary.
    static let zlibHead: [UInt8] = [0x78, 0xF9, 0xE3, 0xC6, 0xA7, 0xC2]

    static func stored(_ bytes: [UInt8], isFirst: Bool) -> [UInt8] {
        let length = [UInt8(bytes.count & 255), UInt8(bytes.count >> 8)]
        return (isFirst ? zlibHead : []) + [0] + length + length.map { ~$0 } + bytes
    }

    /// A deflated block that inflates to 258 zeros for every 13 bits (RFC 1951 §3.2.6, fixed codes).
    static func bomb(matches: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var used = 0
        func put(_ code: Int, _ count: Int) {
            for place in (0..<count).reversed() {
                if used % 8 == 0 { bytes.append(0) }
                if code >> place & 1 == 1 { bytes[used / 8] |= 1 << UInt8(used % 8) }
                used += 1
            }
        }
        put(0b010, 3)
        put(0b0011_0000, 8)
        for _ in 0..<matches {
            put(0b1100_0101, 8)
            put(0, 5)
        }
        return zlibHead + bytes
    }

    static func bigEndian(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
