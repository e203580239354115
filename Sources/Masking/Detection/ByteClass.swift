/// Sets of ASCII bytes by which tokens are told from what is around them.
public enum ByteClass: String, CaseIterable, Hashable, Sendable {
    case digits
    case hex
    case upperBase32
    case alphanumeric
    /// Letters, digits, `-` and `_`.
    case base64url
    /// Letters, digits, `+`, `/` and `=`.
    case base64
    /// base64url's and the dot.
    case dotted
    /// base64's and `%`, by which a query writes some of them.
    case queryBase64
    /// Letters, digits and `/`.
    case path

    func contains(_ byte: UInt8) -> Bool {
        switch self {
        case .digits: byte.isDigit
        case .hex: byte.isDigit || (0x61...0x66).contains(byte | 0x20)
        case .upperBase32: (0x41...0x5A).contains(byte) || (0x32...0x37).contains(byte)
        case .alphanumeric: byte.isAlphanumeric
        case .base64url: byte.isAlphanumeric || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        case .base64:
            byte.isAlphanumeric || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
        case .dotted: ByteClass.base64url.contains(byte) || byte == UInt8(ascii: ".")
        case .queryBase64: ByteClass.base64.contains(byte) || byte == UInt8(ascii: "%")
        case .path: byte.isAlphanumeric || byte == UInt8(ascii: "/")
        }
    }

    /// How many bytes of the class stand at a place.
    func run(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var end = start
        while end < bytes.count, contains(bytes[end]) { end += 1 }
        return end - start
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) && self & 0x40 != 0 }
    var isAlphanumeric: Bool { isDigit || isLetter }
    var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    /// What an identifier is made of, in code, in environments and in YAML.
    var isNameByte: Bool {
        isAlphanumeric || self == UInt8(ascii: "_") || self == UInt8(ascii: "-") || self == UInt8(ascii: ".")
    }
}
