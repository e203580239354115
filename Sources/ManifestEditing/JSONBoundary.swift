/// Finds where a JSON object ends, byte by byte, so that it may arrive in pieces. It only counts brackets outside
/// strings; a byte that no JSON has there is noticed at once, so that a YAML document in braces is not waited for.
struct JSONBoundary {
    enum Verdict { case goesOn, ends, isNotJSON }

    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    mutating func take(_ byte: UInt8) -> Verdict {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            } else if byte < 0x20 {
                return .isNotJSON
            }
            return .goesOn
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if depth <= 0 { return .ends }
        case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x0A, 0x0D, 0x09: break
        default: return JSONSyntax.isLiteralByte(byte) ? .goesOn : .isNotJSON
        }
        return .goesOn
    }
}
