/// A line of CSV (RFC 4180), as kubectl reads the values of `-f`.
enum CommaSeparated {
    /// - Returns: nil where a quote stands in the middle of a field or closes nowhere, which kubectl refuses.
    static func fields(of line: String) -> [String]? {
        var fields: [String] = []
        var rest = line[...]
        while true {
            let field: String
            if rest.first == "\"" {
                guard let quoted = takeQuoted(&rest) else { return nil }
                field = quoted
            } else {
                field = String(rest.prefix { $0 != "," })
                rest = rest.dropFirst(field.count)
                if field.contains("\"") { return nil }
            }
            fields.append(field)
            if rest.isEmpty { return fields }
            guard rest.removeFirst() == "," else { return nil }
        }
    }

    private static func takeQuoted(_ rest: inout Substring) -> String? {
        var field = ""
        rest = rest.dropFirst()
        while let character = rest.popFirst() {
            guard character == "\"" else {
                field.append(character)
                continue
            }
            guard rest.first == "\"" else { return field }
            field.append("\"")
            rest = rest.dropFirst()
        }
        return nil
    }

    /// A text as one field.
    static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
