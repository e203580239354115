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
}

/// The state folder of `byline-gateway dev`.
public struct DevGatewayFolder: Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    public var lock: String { "\(path)/lock" }
    public var journal: String { "\(path)/journal" }
    /// The record's index, which can be made anew from the journal.
    public var index: String { "\(path)/index" }
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
    /// The record's index, which can be made anew from the journal.
    public var index: String { "\(path)/index" }
    /// The key of session tokens, where the configuration names none.
    public var signingKey: String { "\(path)/session-token.pem" }
}
