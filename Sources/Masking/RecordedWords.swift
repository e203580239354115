public import Vocabulary

/// Keeps a caller's secrets out of the record where they stand in a caller's words about a request: its target, its headers, its
/// byline, ids and names. What a detector finds is written as `masked`.
///
/// Words are read as they came and percent-decoded, as often as they were encoded.
public struct RecordedWords: Sendable {
    /// What stands in place of a secret.
    public static let mask = "masked"
    /// The detectors that come with the gateway.
    public static let builtIn = RecordedWords(DetectorSet(Detector.builtIn))

    private static let mostDecodings = 4
    private let detectors: DetectorSet

    init(_ detectors: DetectorSet) { self.detectors = detectors }

    /// A text as it may be recorded: masked where a secret stands in it; whole, where it is one only for a reader who decodes it.
    public func shown(_ text: String) -> String {
        guard !isClean(text) else { return text }
        let plain = Array(text.utf8)
        let decoded = Self.decodings(plain)
        // What is encoded more often than is read is not shown.
        let isTooDeep = decoded.count == Self.mostDecodings && decoded.last.map { Self.decoded($0) != nil } == true
        guard !isTooDeep, !decoded.contains(where: { !findings(in: $0).isEmpty }) else { return Self.mask }
        let found = findings(in: plain)
        guard !found.isEmpty else { return text }
        var shown: [UInt8] = []
        var end = 0
        for range in found {
            shown += plain[end..<range.lowerBound] + Array(Self.mask.utf8)
            end = range.upperBound
        }
        return String(decoding: shown + plain[end...], as: UTF8.self)
    }

    /// A value of strings: each of them.
    public func shown(_ value: JSON) -> JSON {
        switch value {
        case .string(let text): .string(shown(text))
        case .array(let elements): .array(elements.map(shown))
        case .object(let members): .object(members.map { JSON.Member(shown($0.name), shown($0.value)) })
        case .null, .bool, .number: value
        }
    }

    /// A request's target as it may be recorded: each part of its path and each value of its query is judged by itself, and the
    /// parts of an exec's command one behind the other too.
    public func shown(target: String) -> String {
        guard !isClean(target) else { return target }
        let mark = target.firstIndex(of: "?") ?? target.endIndex
        var path = target[..<mark].split(separator: "/", omittingEmptySubsequences: false).map { shown(String($0)) }
            .joined(separator: "/")
        // A secret may span parts: `/proxy/https://user:password@host`.
        if path == target[..<mark], shown(path) != path { path = Self.mask }
        guard mark < target.endIndex else { return path }
        let fields = target[mark...].dropFirst().split(separator: "&", omittingEmptySubsequences: false)
        return path + "?" + shown(fields).joined(separator: "&")
    }

    private func shown(_ fields: [Substring]) -> [String] {
        let commands = secretCommands(fields)
        return fields.enumerated().map { index, field in
            guard let equals = field.firstIndex(of: "=") else { return shown(String(field)) }
            let value = String(field[equals...].dropFirst())
            let name = shown(String(field[..<equals]))
            if commands.contains(index) { return "\(name)=\(Self.mask)" }
            if value == Self.mask { return "\(name)=\(value)" }
            // The field's own name may tell: `?note-password=…`.
            let whole = Self.decoded(Array(field.utf8)) ?? Array(field.utf8)
            let isTold = !findings(in: whole).isEmpty || Self.decodings(whole).contains { !findings(in: $0).isEmpty }
            let judged = shown(value)
            return "\(name)=\(isTold && judged == value ? Self.mask : judged)"
        }
    }

    /// The fields whose values are a secret only behind the value before: `command=--password&command=…`.
    private func secretCommands(_ fields: [Substring]) -> Set<Int> {
        var words: [UInt8] = []
        var places: [(field: Int, range: Range<Int>)] = []
        for (index, field) in fields.enumerated() where field.hasPrefix("command=") {
            var value = Array(field.utf8.dropFirst("command=".utf8.count))
            for _ in 0..<Self.mostDecodings { value = Self.decoded(value) ?? value }
            if !words.isEmpty { words.append(UInt8(ascii: " ")) }
            places.append((index, words.count..<words.count + value.count))
            words += value
        }
        guard places.count > 1 else { return [] }
        let found = findings(in: words)
        return Set(places.filter { place in found.contains { $0.overlaps(place.range) } }.map(\.field))
    }

    private func findings(in bytes: [UInt8]) -> [Range<Int>] {
        bytes.withUnsafeBytes { detectors.findings(in: $0).map(\.range) }
    }

    /// True where no detector can find anything, and nothing is encoded: nearly always.
    private func isClean(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            return !bytes.contains { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }
                && !detectors.filter.finds(in: bytes)
        }
    }

    /// The readings of a text that is encoded once or more.
    private static func decodings(_ text: [UInt8]) -> [[UInt8]] {
        var readings: [[UInt8]] = []
        var last = text
        while readings.count < mostDecodings, let next = decoded(last) {
            readings.append(next)
            last = next
        }
        return readings
    }

    /// The text with its escapes read and `+` as a blank; nil where nothing is escaped. An escape that is none stays.
    private static func decoded(_ text: [UInt8]) -> [UInt8]? {
        guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else { return nil }
        var plain: [UInt8] = []
        var place = 0
        while place < text.count {
            if text[place] == UInt8(ascii: "%"), place + 2 < text.count,
                let high = HexDigits.value(of: text[place + 1]),
                let low = HexDigits.value(of: text[place + 2])
            {
                plain.append(high << 4 | low)
                place += 3
            } else {
                plain.append(text[place] == UInt8(ascii: "+") ? 0x20 : text[place])
                place += 1
            }
        }
        return plain == text ? nil : plain
    }
}
