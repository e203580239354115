/// Numbers as ECMAScript's `Number::toString` prints them, which is what RFC 8785 asks of canonical JSON.
enum ECMAScriptNumber {
    /// The canonical spelling of a JSON number's literal. A literal beyond a double's range stays as it was written.
    static func spelling(of literal: String) -> String {
        guard let value = Double(literal), value.isFinite else { return literal }
        if value == 0 { return "0" }
        let sign = value < 0 ? "-" : ""
        let (digits, exponent) = shortestDigits(of: value.magnitude)
        return sign + layout(digits, pointAfter: exponent)
    }

    /// The shortest decimal digits that read back as the same double, without zeros at either end, and the power of ten
    /// behind which they stand: 0.digits × 10^exponent.
    private static func shortestDigits(of value: Double) -> (digits: String, exponent: Int) {
        let text = value.description
        let parts = text.split(separator: "e", maxSplits: 1)
        let power = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = mantissa.count == 2 ? String(mantissa[1]) : ""
        let all = String(mantissa[0]) + fraction
        let withoutLeading = all.drop { $0 == "0" }
        let leadingZeros = all.count - withoutLeading.count
        var digits = String(withoutLeading)
        while digits.last == "0" { digits.removeLast() }
        return (digits, mantissa[0].count - leadingZeros + power)
    }

    private static func layout(_ digits: String, pointAfter exponent: Int) -> String {
        let count = digits.count
        switch exponent {
        case 1...21 where exponent >= count: return digits + String(repeating: "0", count: exponent - count)
        case 1...21: return "\(digits.prefix(exponent)).\(digits.dropFirst(exponent))"
        case -5...0: return "0." + String(repeating: "0", count: -exponent) + digits
        default:
            let power = exponent - 1
            let fraction = count > 1 ? ".\(digits.dropFirst())" : ""
            return "\(digits.prefix(1))\(fraction)e\(power < 0 ? "-" : "+")\(power.magnitude)"
        }
    }
}
