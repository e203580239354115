public import Vocabulary

/// JSON as YAML for a person: block style, strings quoted wherever plain text could be read as something else.
public enum YAMLText {
    public static func render(_ json: JSON) -> String { block(json, indent: "") }

    private static func block(_ json: JSON, indent: String) -> String {
        switch json {
        case .object(let members) where !members.isEmpty:
            return members.map { member in
                "\(indent)\(scalar(.string(member.name))):\(value(member.value, indent: indent + "  "))"
            }.joined()
        case .array(let elements) where !elements.isEmpty:
            return elements.map { element in
                // A nested block begins on the dash's own line, two columns in.
                let inner = block(element, indent: indent + "  ")
                return "\(indent)- \(inner.dropFirst(indent.count + 2))"
            }.joined()
        default: return "\(indent)\(scalar(json))\n"
        }
    }

    private static func value(_ json: JSON, indent: String) -> String {
        switch json {
        case .object(let members) where !members.isEmpty: "\n" + block(json, indent: indent)
        case .array(let elements) where !elements.isEmpty: "\n" + block(json, indent: String(indent.dropLast(2)))
        default: " \(scalar(json))\n"
        }
    }

    private static func scalar(_ json: JSON) -> String {
        guard case .string(let text) = json else { return TerminalText.safe(json.canonicalText) }
        let isPlain =
            text.utf8.allSatisfy { PercentEncoding.isUnreserved($0) || $0 == UInt8(ascii: "/") }
            && text.utf8.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) } == true
            && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text.lowercased())
        return isPlain ? text : TerminalText.safe(json.canonicalText)
    }
}
