/// Finds what an error's text quotes of an object.
///
/// A `Status` of the API server quotes objects whole in `message` and in its causes: JSON, escaped once or twice
/// (`patch: Invalid value: "{\"data\":…}"`), a Go value (`v1.Secret{…}`, `map[data:map[…]]`, `[115 51]`), or what stands around
/// a decoding error (`…, error found in #10 byte of ...|"pin":5}}|...`).
struct QuotedObject {
    private let text: UnsafeRawBufferPointer

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    /// From the first quotation's first byte to the last one's end; nil where nothing is quoted.
    var range: Range<Int>? {
        let found = [braces, map, window, numbers].compactMap { $0 }
        guard let start = found.map(\.lowerBound).min(), let end = found.map(\.upperBound).max() else { return nil }
        return start..<end
    }

    private var braces: Range<Int>? {
        guard let start = text.firstIndex(of: UInt8(ascii: "{")) else { return nil }
        return start..<(text.lastIndex(of: UInt8(ascii: "}")).map { max($0, start) + 1 } ?? text.count)
    }

    private var map: Range<Int>? {
        guard let start = first("map[") else { return nil }
        return start..<(text.lastIndex(of: UInt8(ascii: "]")).map { max($0, start) + 1 } ?? text.count)
    }

    private var window: Range<Int>? {
        guard let start = first("...|") else { return nil }
        var end = start
        while let next = first("|...", from: end + 1) { end = next }
        return start..<(end > start ? end + 4 : text.count)
    }

    /// Four numbers or more in brackets: bytes as Go prints them.
    private var numbers: Range<Int>? {
        var start: Int?
        var count = 0
        var found: Range<Int>?
        for (place, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "["): (start, count) = (place, 1)
            case UInt8(ascii: " "), UInt8(ascii: ","): count += 1
            case 0x30...0x39: continue
            case UInt8(ascii: "]"):
                if let start, count >= 4 { found = (found?.lowerBound ?? start)..<place + 1 }
                start = nil
            default: start = nil
            }
        }
        return found
    }

    private func first(_ words: StaticString, from start: Int = 0) -> Int? {
        let count = words.utf8CodeUnitCount
        guard start + count <= text.count else { return nil }
        return (start...text.count - count).first {
            UnsafeRawBufferPointer(rebasing: text[$0..<$0 + count]).isSame(as: words)
        }
    }

    /// The quotation as its author had it, one reading for each time that it may have been escaped.
    static func readings(_ quotation: UnsafeRawBufferPointer) -> [[UInt8]] {
        var readings = [Array(quotation)]
        while readings.count < 4, let last = readings.last, last.contains(UInt8(ascii: "\\")) {
            readings.append(unescaped(last))
        }
        return readings
    }

    private static func unescaped(_ text: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        var isEscape = false
        for byte in text {
            if isEscape {
                plain.append(byte == UInt8(ascii: "n") ? 0x0A : byte == UInt8(ascii: "t") ? 0x09 : byte)
                isEscape = false
            } else if byte == UInt8(ascii: "\\") {
                isEscape = true
            } else {
                plain.append(byte)
            }
        }
        return plain
    }
}
