import LocalState

/// Which sign-in at a gateway is meant.
public enum Account: Hashable, Sendable {
    /// `BYLINE_TOKEN_FILE`: a token that something else keeps fresh, as a projected ServiceAccount token.
    case tokenFile(String)
    /// `BYLINE_CLIENT_CREDENTIALS`: a program's own id and secret.
    case clientCredentials(file: String)
    /// `BYLINE_IDENTITY`: the sign-in of this username.
    case named(String)
    /// The sign-in that was made last.
    case last

    /// Reads the variables; the first that is set, in the order above.
    public init(variables: [String: String]) {
        func set(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let file = set("BYLINE_TOKEN_FILE") {
            self = .tokenFile(file)
        } else if let file = set("BYLINE_CLIENT_CREDENTIALS") {
            self = .clientCredentials(file: file)
        } else if let name = set("BYLINE_IDENTITY") {
            self = .named(name)
        } else {
            self = .last
        }
    }

    /// The name under which session tokens of this account are kept; nil where nobody is signed in.
    func key(in folder: SignInFolder) -> String? {
        switch self {
        case .tokenFile(let file): return "token-file \(file)"
        case .clientCredentials(let file): return "client-credentials \(file)"
        case .named(let name): return "identity \(name)"
        case .last:
            guard let entry = try? PrivateFile.read(folder.lastEntry) else { return nil }
            return "sign-in \(String(decoding: entry, as: UTF8.self))"
        }
    }
}
