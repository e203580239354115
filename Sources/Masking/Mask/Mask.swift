import NIOCore
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

    /// `prefix` and 32 hexadecimal digits.
    public let text: String

    /// With 16 bytes of a digest or more.
    init(digest: UnsafeRawBufferPointer) {
        var bytes = Array(Mask.prefix.utf8)
        for byte in digest.prefix(16) {
            bytes.append(HexDigits.lower(byte >> 4))
            bytes.append(HexDigits.lower(byte & 15))
        }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// True for bytes that hold a mask, however it is spelled.
    static func stands(in bytes: ArraySlice<UInt8>) -> Bool {
        var search = MaskSearch()
        return search.finds(in: ByteBuffer(bytes: bytes))
    }

    /// The mask as it is written.
    public func spelled(_ spelling: Spelling) -> [UInt8] {
        switch spelling {
        case .plain: Array(text.utf8)
        case .base64: Array(Base64.encode(text.utf8).utf8)
        }
    }
}
