/// Sizes, durations and times as people read them.
enum Measures {
    /// Bytes with SI units: `512 B`, `1.2 kB`, `34 MB`.
    static func bytes(_ count: Int) -> String {
        guard count >= 1_000 else { return "\(count) B" }
        var value = Double(count)
        var unit = ""
        for next in ["kB", "MB", "GB", "TB"] where value >= 1_000 {
            value /= 1_000
            unit = next
        }
        return "\(threeDigits(value)) \(unit)"
    }

    /// Nanoseconds: `0.8 ms`, `12 ms`, `1.4 s`, `3 min 5 s`.
    static func duration(_ nanoseconds: Int) -> String {
        let milliseconds = Double(nanoseconds) / 1_000_000
        if milliseconds < 1_000 { return "\(threeDigits(milliseconds)) ms" }
        let seconds = milliseconds / 1_000
        if seconds < 60 { return "\(threeDigits(seconds)) s" }
        let whole = Int(seconds.rounded())
        return whole < 3_600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3_600) h \(whole / 60 % 60) min"
    }

    /// Seconds since the session's start: `+0.12 s`.
    static func offset(_ nanoseconds: Int64) -> String {
        let hundredths = (nanoseconds + 5_000_000) / 10_000_000
        let fraction = String(hundredths % 100)
        return "+\(hundredths / 100).\(fraction.count == 1 ? "0" : "")\(fraction) s"
    }

    private static func threeDigits(_ value: Double) -> String {
        if value >= 10 { return String(Int(value.rounded())) }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
    }
}
