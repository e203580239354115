/// What a payload is masked with, from the byte on that comes next (RFC 6455 §5.3).
struct WebSocketMaskingKey: Sendable {
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
