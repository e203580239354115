/// Decimal digits as ASCII bytes.
enum DecimalDigits {
    /// Writes a number, with zeros before it where it is shorter than `width`.
    static func append(_ value: UInt64, width: Int = 1, to text: inout [UInt8]) {
        var count = 1
        var rest = value / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        count = max(count, width)
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: count))
        var position = text.count
        rest = value
        while rest > 0 {
            position -= 1
            text[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}

extension [UInt8] {
    /// Makes room for that many more bytes, and grows as `append` does, so that many calls cost no more than one.
    mutating func reserveRoom(for more: Int) {
        if capacity - count < more { reserveCapacity(Swift.max(count + more, 2 * capacity)) }
    }
}
