import Crypto
import Vocabulary

/// What stands in place of a secret: `byline:masked:hmac-sha256:` and 32 hexadecimal digits, always 58 bytes, so that a
/// value's length does not show. Equal values have equal masks under one key, so that an agent can still compare.
///
/// The digits are the first half of HMAC-SHA256 of the value: of what a person would type, so that the same password
/// looks the same in a Secret's base64, in an environment variable and in a log.
public struct Mask: Hashable, Sendable {
    /// How the mask is spelled at its place.
    public enum Spelling: Hashable, Sendable {
        case plain
        /// The base64 of the mask, where base64 stood: a client that decodes a Secret's data gets the mask.
        case base64
    }

    public static let prefix = "byline:masked:hmac-sha256:"
    /// How a mask begins where it is written in base64.
    static let base64Prefix = "YnlsaW5lOm1hc2tlZDpobWFjLXNoYTI1Nj"

    /// How many bytes a mask has, as it is and in base64.
    static let length = (plain: prefix.utf8.count + 32, base64: (prefix.utf8.count + 34) / 3 * 4)

    private static let prefixBytes = Array(prefix.utf8)

    /// The first half of the value's code.
    private let code: SIMD16<UInt8>

    init(_ code: SIMD16<UInt8>) { self.code = code }

    init(_ code: HMAC<SHA256>.MAC) { self.init(code.withUnsafeBytes { $0.loadUnaligned(as: SIMD16<UInt8>.self) }) }

    /// `prefix` and 32 hexadecimal digits.
    public var text: String { String(decoding: spelled(.plain), as: UTF8.self) }

    /// The mask as it is written.
    public func spelled(_ spelling: Spelling) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(Self.length.plain)
        text += Self.prefixBytes
        for index in 0..<16 {
            text.append(HexDigits.lower(code[index] >> 4))
            text.append(HexDigits.lower(code[index] & 15))
        }
        return spelling == .plain ? text : Base64.encodeASCII(text)
    }
}
