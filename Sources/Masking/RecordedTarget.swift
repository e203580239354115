public import KubernetesWire

/// A request's path and query as the record may show them.
public enum RecordedTarget {
    /// Query fields that carry a credential.
    private static let secretFields: Set<Substring> = [
        "token", "access_token", "id_token", "password", "client_secret",
    ]

    /// The target with the values of credential-carrying fields replaced by `masked`; the rest byte for byte.
    public static func record(_ target: RequestTarget) -> MaskedText {
        guard let query = target.query,
            query.contains("token") || query.contains("password") || query.contains("secret")
        else { return MaskedText(target.text) }
        let fields = query.split(separator: "&", omittingEmptySubsequences: false).map { field -> String in
            guard let equals = field.firstIndex(of: "="), secretFields.contains(field[..<equals]) else {
                return String(field)
            }
            return "\(field[...equals])masked"
        }
        return MaskedText("\(target.path)?\(fields.joined(separator: "&"))")
    }

    /// A target that could not be read at all: its length, not its text.
    public static func record(unreadable target: String) -> MaskedText {
        MaskedText("unreadable target of \(target.utf8.count) bytes")
    }
}
