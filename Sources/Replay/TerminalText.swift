/// Text as a terminal may get it. What an agent sent can hold escape sequences; shown as they are, they could rewrite
/// what the auditor sees.
enum TerminalText {
    /// The text with control characters (C0, DEL, C1) and bidirectional overrides spelled out as `\u{…}`; line ends and
    /// tabs stay where `multiline` is true.
    static func safe(_ text: String, multiline: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: { isUnsafe($0, multiline) }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar, multiline) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar, _ multiline: Bool) -> Bool {
        switch scalar.value {
        case 0x0A, 0x09: !multiline
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

/// How a listing is dressed: with colours for a terminal, plain otherwise.
public struct TextStyle: Sendable {
    private let colours: Bool

    public init(colours: Bool) { self.colours = colours }

    func bold(_ text: String) -> String { dressed(text, "1") }
    public func faint(_ text: String) -> String { dressed(text, "2") }
    public func good(_ text: String) -> String { dressed(text, "32") }
    func doubtful(_ text: String) -> String { dressed(text, "33") }
    public func bad(_ text: String) -> String { dressed(text, "31") }

    private func dressed(_ text: String, _ code: String) -> String {
        colours ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

/// Columns of text, padded to their widest cell; the last one is left as it is.
struct TextTable {
    /// A cell: its text, and how it is dressed once padded.
    struct Cell {
        let text: String
        var dress: (String) -> String = { $0 }
    }

    private var rows: [[Cell]] = []

    mutating func add(_ row: [Cell]) { rows.append(row) }

    func text(indent: String = "", separator: String = "   ") -> String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.text.count)
            }
        }
        var text = ""
        for row in rows {
            var line = indent
            for (column, cell) in row.enumerated() {
                let isLast = column == row.count - 1
                let padding = isLast ? "" : String(repeating: " ", count: widths[column] - cell.text.count)
                line += cell.dress(cell.text) + padding + (isLast ? "" : separator)
            }
            text += line + "\n"
        }
        return text
    }
}
