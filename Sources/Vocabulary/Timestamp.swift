/// A moment on the wall clock, in nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    public init(seconds: Int64) { self.nanoseconds = seconds * 1_000_000_000 }

    /// Whole seconds, rounded down: the unit of JWT's NumericDate.
    public var seconds: Int64 { nanoseconds.flooredDivision(by: 1_000_000_000) }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

    public func advanced(bySeconds seconds: Int64) -> Timestamp {
        Timestamp(nanoseconds: nanoseconds + seconds * 1_000_000_000)
    }

    /// RFC 3339 in UTC with microseconds, as Kubernetes' MicroTime: `2026-11-21T04:24:00.000000Z`.
    public var description: String { rfc3339(fractionDigits: 6) }

    /// RFC 3339 in UTC with that many digits of a second's fraction, 0 to 9.
    public func rfc3339(fractionDigits: Int) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(32)
        append(to: &text, fractionDigits: fractionDigits)
        return String(decoding: text, as: UTF8.self)
    }

    /// The form of HTTP's `Date` (RFC 9110 §5.6.7), in whole seconds: `Sun, 06 Nov 1994 08:49:37 GMT`.
    public var httpDate: String {
        let day = seconds.flooredDivision(by: 86_400)
        let (year, month, dayOfMonth) = Self.civil(fromDay: day)
        // 1970-01-01 was a Thursday.
        let weekday = Int(day + 4 - (day + 4).flooredDivision(by: 7) * 7)
        let time = rfc3339(fractionDigits: 0).dropFirst(11).dropLast()
        let padding = dayOfMonth < 10 ? "0" : ""
        return
            "\(Self.weekdays[weekday]), \(padding)\(dayOfMonth) \(Self.months[Int(month) - 1]) \(year) \(time) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Writes the same as `rfc3339(fractionDigits:)`.
    func append(to text: inout [UInt8], fractionDigits: Int) {
        let seconds = seconds
        let day = seconds.flooredDivision(by: 86_400)
        let second = seconds - day * 86_400
        let (year, month, dayOfMonth) = Self.civil(fromDay: day)
        // A moment in nanoseconds lies between the years 1677 and 2262: no part is negative.
        func part(_ value: Int64, _ width: Int, _ separator: Unicode.Scalar) {
            DecimalDigits.append(UInt64(value), width: width, to: &text)
            text.append(UInt8(ascii: separator))
        }
        part(year, 4, "-")
        part(month, 2, "-")
        part(dayOfMonth, 2, "T")
        part(second / 3_600, 2, ":")
        part(second / 60 % 60, 2, ":")
        DecimalDigits.append(UInt64(second % 60), width: 2, to: &text)
        if fractionDigits > 0 {
            text.append(UInt8(ascii: "."))
            DecimalDigits.append(UInt64(nanoseconds - seconds * 1_000_000_000), width: 9, to: &text)
            text.removeLast(9 - fractionDigits)
        }
        text.append(UInt8(ascii: "Z"))
    }

    /// Reads RFC 3339 in UTC (`Z`), with or without a fraction; nil for anything else.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            bytes[range].reduce(0) { value, byte in
                value.flatMap { (0x30...0x39).contains(byte) ? $0 * 10 + Int64(byte - 0x30) : nil }
            }
        }
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[4] == UInt8(ascii: "-"),
            bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let year = number(0..<4), let month = number(5..<7),
            let day = number(8..<10), let hour = number(11..<13), let minute = number(14..<16),
            let second = number(17..<19), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        var fraction: Int64 = 0
        if bytes.count > 20 {
            guard bytes[19] == UInt8(ascii: "."), (22...30).contains(bytes.count) else { return nil }
            guard let value = number(20..<bytes.count - 1) else { return nil }
            fraction = (bytes.count..<30).reduce(value) { value, _ in value * 10 }
        }
        let seconds = Self.day(ofYear: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60 + second
        self.init(nanoseconds: seconds * 1_000_000_000 + fraction)
    }

    /// The proleptic Gregorian date of a day counted from 1970-01-01, after Howard Hinnant's `civil_from_days`
    /// (https://howardhinnant.github.io/date_algorithms.html).
    private static func civil(fromDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// The inverse of `civil(fromDay:)`.
    private static func day(ofYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear.flooredDivision(by: 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
