public import Vocabulary

/// A byline as W3C baggage (https://www.w3.org/TR/baggage/): `key=percent-encoded value` members with commas between.
public enum Baggage {
    /// The header's name, in lower case.
    public static let headerName = "baggage"
    /// The longest header value that is read or written, in bytes.
    public static let maximumLength = 8_192
    /// The longest value of one field, in bytes once decoded. A longer one is refused, not cut.
    public static let maximumValueLength = 1_024

    /// Why a baggage header was refused.
    public enum Fault: Error, Hashable, Sendable {
        case tooLong(limit: Int)
        /// A value of ours that is not percent-encoded UTF-8, or holds control characters.
        case invalidValue(Byline.Field)
        case valueTooLong(Byline.Field, limit: Int)
        /// The same field twice with different values.
        case contradiction(Byline.Field)
    }

    /// The header's value; empty for an empty byline.
    public static func encode(_ byline: Byline) -> String {
        byline.fields.map { "\($0.field.rawValue)=\(PercentEncoding.encode($0.claim.value))" }.joined(separator: ",")
    }

    /// Reads our fields, asserted, out of the header's values; members of others and properties behind `;` are passed over.
    public static func decode(_ values: some Sequence<String>) throws(Fault) -> Byline {
        var byline = Byline()
        var length = 0
        for value in values {
            length += value.utf8.count
            guard length <= maximumLength else { throw .tooLong(limit: maximumLength) }
            for member in value.split(separator: ",") { try read(member, into: &byline) }
        }
        return byline
    }

    private static func read(_ member: Substring, into byline: inout Byline) throws(Fault) {
        let pair = member.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2, let field = Byline.Field(rawValue: String(trimmed(pair[0]))) else { return }
        guard let value = PercentEncoding.decode(trimmed(pair[1])),
            !value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else { throw .invalidValue(field) }
        guard value.utf8.count <= maximumValueLength else { throw .valueTooLong(field, limit: maximumValueLength) }
        guard !value.isEmpty else { return }
        if let earlier = byline[field], earlier.value != value { throw .contradiction(field) }
        byline[field] = Byline.Claim(value, .asserted)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\t" { text = text.dropFirst() }
        while text.last == " " || text.last == "\t" { text = text.dropLast() }
        return text
    }
}
