/// How a stream's text is encoded. kubectl reads UTF-8, and UTF-16 where a byte order mark says so.
enum TextEncoding {
    case utf8
    case utf16(isBigEndian: Bool)

    /// UTF-8's.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// - Parameter bytes: the stream's first two bytes, or fewer where it has no more.
    init(firstBytes bytes: some Sequence<UInt8>) {
        switch Array(bytes.prefix(2)) {
        case [0xFF, 0xFE]: self = .utf16(isBigEndian: false)
        case [0xFE, 0xFF]: self = .utf16(isBigEndian: true)
        default: self = .utf8
        }
    }

    /// How many bytes UTF-8 text has in this encoding.
    func length(_ text: some Collection<UInt8>) -> Int {
        guard case .utf16 = self else { return text.count }
        return 2 * String(decoding: text, as: UTF8.self).utf16.count
    }

    /// UTF-8 text in this encoding.
    func encode(_ text: some Collection<UInt8>) -> [UInt8] {
        guard case .utf16(let isBigEndian) = self else { return Array(text) }
        var encoded: [UInt8] = []
        encoded.reserveCapacity(2 * text.count)
        for unit in String(decoding: text, as: UTF8.self).utf16 {
            let high = UInt8(unit >> 8)
            let low = UInt8(unit & 0xFF)
            encoded += isBigEndian ? [high, low] : [low, high]
        }
        return encoded
    }
}

/// Turns UTF-16 that arrives in pieces into UTF-8.
struct UTF16Decoder {
    let isBigEndian: Bool
    /// Bytes of a character that has not arrived as a whole.
    private(set) var held: [UInt8] = []

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    /// - Returns: the text up to the first fault, and the bytes from the fault on; nil where there is none.
    mutating func decode(_ bytes: [UInt8]) -> (text: [UInt8], unreadable: [UInt8]?) {
        let all = held + bytes
        var text: [UInt8] = []
        text.reserveCapacity(all.count)
        var offset = 0
        while offset + 2 <= all.count {
            let unit = unit(in: all, at: offset)
            if UTF16.isLeadSurrogate(unit) {
                guard offset + 4 <= all.count else { break }
                let second = self.unit(in: all, at: offset + 2)
                guard UTF16.isTrailSurrogate(second) else { return (text, Array(all[offset...])) }
                text += String(decoding: [unit, second], as: UTF16.self).utf8
                offset += 4
            } else {
                guard let scalar = Unicode.Scalar(unit) else { return (text, Array(all[offset...])) }
                if let encoded = UTF8.encode(scalar) { text += encoded }
                offset += 2
            }
        }
        held = Array(all[offset...])
        return (text, nil)
    }

    private func unit(in bytes: [UInt8], at offset: Int) -> UInt16 {
        let first = UInt16(bytes[offset])
        let second = UInt16(bytes[offset + 1])
        return isBigEndian ? first << 8 | second : second << 8 | first
    }
}
