import Vocabulary

/// An item of a list as block-style YAML. Text stands in quotes unless every reader of YAML takes it as it is.
enum YAMLItem {
    /// The item's lines, its dash that many spaces in, with a line end behind each.
    static func block(_ item: JSON, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        return lines(of: item).enumerated().map { "\(margin)\($0.offset == 0 ? "- " : "  ")\($0.element)\n" }.joined()
    }

    private static func lines(of value: JSON) -> [String] {
        (value.members ?? []).flatMap { member -> [String] in
            switch member.value {
            case .object(let members) where !members.isEmpty:
                ["\(member.name):"] + lines(of: member.value).map { "  \($0)" }
            case .array(let elements) where !elements.isEmpty:
                ["\(member.name):"]
                    + elements.flatMap { element -> [String] in
                        guard element.members != nil else { return ["- \(scalar(element))"] }
                        return lines(of: element).enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
                    }
            default: ["\(member.name): \(scalar(member.value))"]
            }
        }
    }

    private static func scalar(_ value: JSON) -> String {
        guard let text = value.string else { return value.canonicalText }
        let isPlain =
            text.utf8.first.map { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 == 0x2F } == true
            && text.utf8.allSatisfy { PercentEncoding.isUnreserved($0) || $0 == 0x2F || $0 == 0x40 }
            && !["true", "false", "yes", "no", "on", "off", "y", "n", "null"].contains(text.lowercased())
        return isPlain ? text : value.canonicalText
    }
}
