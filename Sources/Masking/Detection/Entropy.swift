/// How much like chance a text looks.
enum Entropy {
    /// How many bytes would be as varied if all were equally frequent: the inverse of the chance that two bytes drawn
    /// from the text are the same (Simpson's index). Words have few, random keys have many.
    static func variety(_ bytes: some Collection<UInt8>) -> Double {
        var counts = [Int](repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        let squares = counts.reduce(0) { $0 + $1 * $1 }
        return squares == 0 ? 0 : Double(bytes.count * bytes.count) / Double(squares)
    }

    /// True where a text of digits and letters, or of letters of both cases, is as varied as a random one of its length.
    static func isHigh(_ bytes: some Collection<UInt8>) -> Bool {
        guard bytes.count >= 8 else { return false }
        let hasDigit = bytes.contains(where: \.isDigit)
        let hasLower = bytes.contains { (0x61...0x7A).contains($0) }
        let hasUpper = bytes.contains { (0x41...0x5A).contains($0) }
        guard (hasDigit && (hasLower || hasUpper)) || (hasLower && hasUpper && bytes.count >= 20) else { return false }
        return variety(bytes) >= min(7, Double(bytes.count) * 0.5)
    }
}
