/// Names one exchange. The gateway mints it and sends it as `Audit-ID`, so the API server's audit log knows it too.
///
/// A UUID of version 7 (RFC 9562): ids sort in the order in which their exchanges began, to a quarter of a microsecond,
/// since the bits behind the milliseconds go on with the time (§6.2, method 3).
public struct ExchangeID: Hashable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// Mints an id.
    public init(at time: Timestamp, using generator: inout some RandomNumberGenerator) {
        let nanoseconds = UInt64(max(0, time.nanoseconds))
        let milliseconds = nanoseconds / 1_000_000 & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | nanoseconds % 1_000_000 * 4_096 / 1_000_000
        low = generator.next() >> 2 | 0x8000_0000_0000_0000
    }

    /// Reads the usual spelling, in either case; nil for anything else.
    public init?(_ text: String) {
        var words: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for (index, byte) in text.utf8.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard digits < 32, let digit = HexDigits.value(of: byte) else { return nil }
            if digits < 16 { words.0 = words.0 << 4 | UInt64(digit) } else { words.1 = words.1 << 4 | UInt64(digit) }
            digits += 1
        }
        guard digits == 32 else { return nil }
        (high, low) = words
    }

    /// The id's 16 bytes, as the journal's chunk frames carry it.
    public init(bytes: ArraySlice<UInt8>) {
        var words: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes.prefix(16)) }
        (high, low) = (UInt64(bigEndian: words.0), UInt64(bigEndian: words.1))
    }

    /// The id's 16 bytes, most significant first.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        appendBytes(to: &bytes)
        return bytes
    }

    /// Writes the id's 16 bytes, most significant first.
    public func appendBytes(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes.append(contentsOf: $0) }
    }

    /// Lower-case hexadecimal in groups of 8-4-4-4-12.
    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Writes the same as `description`.
    func append(to text: inout [UInt8]) {
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
            let word = index < 16 ? high : low
            text.append(HexDigits.lower(UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (index & 15))) & 15))
        }
    }
}

/// Names one session: an agent's task under one Identity and Byline. Letters, digits and hyphens, at most 64.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init?(_ text: String) {
        guard (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ PercentEncoding.isUnreserved($0) && $0 != UInt8(ascii: "~") })
        else { return nil }
        description = text
    }

    /// For text that is made of allowed characters by construction.
    package init(unchecked text: String) { description = text }
}

/// Names a configured upstream: a DNS label, as it stands in `/clusters/NAME/…`.
public struct ClusterName: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init?(_ text: String) {
        guard (1...63).contains(text.utf8.count), text.first != "-", text.last != "-",
            text.utf8.allSatisfy({
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
            })
        else { return nil }
        description = text
    }
}
