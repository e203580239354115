/// Every path on disk that the two programs use, in one place. The journal's own names are in `Recording`.
public enum StateFolders {
    /// The state folder of a person: `$BYLINE_STATE`, else `$XDG_STATE_HOME/byline`, else `~/.local/state/byline`.
    ///
    /// - Returns: nil where none of the variables is set.
    public static func person(environment: [String: String]) -> String? {
        func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let state = set("BYLINE_STATE") { return state }
        if let state = set("XDG_STATE_HOME") { return "\(state)/byline" }
        return set("HOME").map { "\($0)/.local/state/byline" }
    }

    /// Where `byline-gateway dev` keeps everything, unless `--state` says otherwise.
    public static func devGateway(inPerson state: String) -> String { "\(state)/dev-gateway" }

    /// Where `byline` keeps its sign-ins.
    public static func signIns(inPerson state: String) -> String { "\(state)/sign-ins" }

    /// Where `byline hook` keeps what the tools have told it, a file for each session.
    public static func hooks(inPerson state: String) -> String { "\(state)/hooks" }

    /// Where `byline hook` leaves what went wrong, for `byline doctor`.
    public static func hookFaults(inPerson state: String) -> String { "\(hooks(inPerson: state))/faults" }

    /// What `byline context set` keeps.
    public static func context(inPerson state: String) -> String { "\(state)/context.json" }
}

/// The state folder of `byline-gateway dev`.
public struct DevGatewayFolder: Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    public var lock: String { "\(path)/lock" }
    public var journal: String { "\(path)/journal" }
    /// The certificate authority's certificate: what clients trust.
    public var authorityCertificate: String { "\(path)/ca.crt" }
    public var authorityKey: String { "\(path)/ca.key" }
    public var serverCertificate: String { "\(path)/server.crt" }
    public var serverKey: String { "\(path)/server.key" }
    public var sessionTokenKey: String { "\(path)/session-token.key" }
    public var issuerKey: String { "\(path)/issuer.key" }
    /// Id and secret of the embedded issuer's client-credentials client, as JSON.
    public var clientCredentials: String { "\(path)/client.json" }
}

/// The state folder of `byline-gateway serve`.
public struct ServeFolder: Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    public var journal: String { "\(path)/journal" }
    /// The key of session tokens, where the configuration names none.
    public var signingKey: String { "\(path)/session-token.pem" }
}
