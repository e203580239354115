/// Hexadecimal digits as ASCII bytes.
public enum HexDigits {
    /// The value of a digit of either case; nil where the byte is none.
    public static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The lower-case digit of a value from 0 to 15.
    public static func lower(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// The upper-case digit of a value from 0 to 15.
    public static func upper(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    /// The bytes as lower-case text, two digits each.
    public static func lower(_ bytes: some Sequence<UInt8>) -> String {
        var digits: [UInt8] = []
        append(Array(bytes), to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }

    /// Writes the bytes as lower-case text, two digits each.
    static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        text.reserveRoom(for: bytes.count * 2)
        for byte in bytes {
            text.append(lower(byte >> 4))
            text.append(lower(byte & 15))
        }
    }
}
