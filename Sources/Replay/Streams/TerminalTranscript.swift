/// What was shown on a terminal, for a person to read: sequences that only dress the text, name the window or ask the
/// terminal something are left away; whatever could hide or overwrite text is spelled out.
enum TerminalTranscript {
    static func text(_ bytes: [UInt8]) -> String {
        var text = ""
        var scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\u{1B}" where skipHarmless(&scalars): break
            // A terminal's line ends with both.
            case "\r" where scalars.first == "\n": break
            default: text.unicodeScalars.append(scalar)
            }
        }
        return TerminalText.safe(text, multiline: true)
    }

    /// Takes a sequence off that hides nothing; false where what follows the escape is none of these.
    private static func skipHarmless(_ scalars: inout Substring.UnicodeScalarView) -> Bool {
        var rest = scalars
        switch rest.popFirst() {
        case "[":
            let parameters = rest.prefix { ("0"..."?").contains($0) }
            rest = rest[parameters.endIndex...]
            guard let final = rest.popFirst() else { return false }
            let isHarmless =
                switch final {
                // Colours; the cursor's position asked for; bracketed paste and the like.
                case "m": true
                case "n": true
                case "h", "l": String(parameters) == "?2004" || String(parameters) == "?25"
                default: false
                }
            guard isHarmless else { return false }
        case "]":
            // The window's title and its like, up to a bell or a string terminator.
            let title = rest.prefix { $0 != "\u{7}" && $0 != "\u{1B}" && $0 != "\n" }
            rest = rest[title.endIndex...]
            guard let end = rest.popFirst(), end != "\n" else { return false }
            if end == "\u{1B}" { guard rest.popFirst() == "\\" else { return false } }
        default: return false
        }
        scalars = rest
        return true
    }
}
