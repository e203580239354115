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

    /// The kubeconfig that `byline shim` writes, unless it is told another.
    public static func shimKubeconfig(inPerson state: String) -> String { "\(state)/shim/kubeconfig" }

    /// What a shim proves itself with whose address outlives it.
    public static func shimIdentity(inPerson state: String) -> String { "\(state)/shim/identity.json" }

    /// Where names are kept for a moment that a shell completes.
    public static func completion(inPerson state: String) -> String { "\(state)/completion.json" }

    /// What `byline context set` keeps.
    public static func context(inPerson state: String) -> String { "\(state)/context.json" }
}

/// What `byline` keeps of one gateway: its sign-ins and the session tokens made from them.
public struct SignInFolder: Sendable {
    public let path: String

    public init(gateway: String, inPerson state: String) {
        path = "\(StateFolders.signIns(inPerson: state))/\(Self.fileName(of: gateway))"
    }

    /// Names the gateway signed in at last, by its URL.
    public static func lastGateway(inPerson state: String) -> String { "\(StateFolders.signIns(inPerson: state))/last" }

    /// Names the sign-in of this gateway that was made last, by its entry.
    public var lastEntry: String { "\(path)/last" }
    /// Held while a sign-in is made, renewed or used for a session token.
    public func lock(_ entry: String) -> String { "\(path)/\(entry).lock" }
    public func signIn(_ entry: String) -> String { "\(path)/\(entry).json" }
    /// A session token for each byline.
    public var sessions: String { "\(path)/sessions" }
    public func session(_ key: String) -> String { "\(sessions)/\(Self.fileName(of: key))" }

    /// A short name for any text (FNV-1a, 64 bits). Two texts may share one: what lies in a file says whose it is.
    public static func fileName(of text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
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
    public var maskKey: String { "\(path)/mask.key" }
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
    /// The key of masks, where the configuration names none.
    public var maskKey: String { "\(path)/mask.key" }
}
