/// Texts as YAML and JSON both read them back.
enum QuotedText {
    /// The text in double quotes. What either of the two would not take as it is, or YAML would fold, is escaped.
    static func quoted(_ text: String) -> [UInt8] {
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += #"\""#.utf8
            case "\\": quoted += #"\\"#.utf8
            case "\n": quoted += #"\n"#.utf8
            case "\r": quoted += #"\r"#.utf8
            case "\t": quoted += #"\t"#.utf8
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}":
                quoted += escape(scalar)
            default: quoted += String(Character(scalar)).utf8
            }
        }
        quoted.append(UInt8(ascii: "\""))
        return quoted
    }

    private static func escape(_ scalar: Unicode.Scalar) -> [UInt8] {
        let digits = String(scalar.value, radix: 16)
        return Array((#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    }

    /// True for a text that YAML 1.1 and 1.2 read as that text without quotes, by its first letter and because it is
    /// none of the words that mean something else. (Whether its other characters may stand without quotes is another
    /// question: those of an annotation's key may.)
    static func isPlainText(_ text: String) -> Bool {
        guard let first = text.utf8.first, Character(Unicode.Scalar(first)).isLetter, first < 0x80 else { return false }
        return !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(text.lowercased())
    }
}
