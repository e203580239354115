public import KubernetesWire
import Vocabulary

/// A request's path and query as the record may show them.
public enum RecordedTarget {
    /// Query fields that carry a credential.
    private static let secretFields: Set<Substring> = [
        "token", "access_token", "id_token", "password", "client_secret", "subject_token", "actor_token",
        "refresh_token", "assertion",
    ]

    /// The target with the values of credential-carrying fields replaced by `masked`; the rest byte for byte.
    public static func record(_ target: RequestTarget) -> MaskedText {
        guard let query = target.query else { return MaskedText(target.text) }
        let fields = query.split(separator: "&", omittingEmptySubsequences: false).map { field -> String in
            guard let equals = field.firstIndex(of: "="), isSecret(field[..<equals]) else { return String(field) }
            return "\(field[...equals])masked"
        }
        return MaskedText("\(target.path)?\(fields.joined(separator: "&"))")
    }

    /// Names are compared as a server reads them: decoded, and without their case.
    private static func isSecret(_ name: Substring) -> Bool {
        guard name.utf8.count >= 5 else { return false }
        let plain = PercentEncoding.decode(name, plusIsSpace: true)?.lowercased() ?? name.lowercased()
        return secretFields.contains(plain[...])
    }

    /// A target that could not be read at all: its length, not its text.
    public static func record(unreadable target: String) -> MaskedText {
        MaskedText("unreadable target of \(target.utf8.count) bytes")
    }
}
