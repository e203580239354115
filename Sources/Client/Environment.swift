import LocalState
public import Vocabulary

/// Every environment variable that the client reads, with its default.
public struct Environment: Sendable {
    /// All variables of the process.
    public let variables: [String: String]

    public init(_ variables: [String: String]) { self.variables = variables }

    /// The process' own.
    public static func current() -> Environment { Environment(ProcessEnvironment.variables()) }

    private func value(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// `BYLINE_GATEWAY`: the gateway's URL. Default: the one signed in at last.
    public var gateway: String? { value("BYLINE_GATEWAY") }
    /// `BYLINE_CLUSTER`: the cluster to begin with. Default: the gateway's only one.
    public var cluster: String? { value("BYLINE_CLUSTER") }
    /// `NO_COLOR`: set to anything, no colours are used (https://no-color.org). Default: colours on a terminal.
    public var noColor: Bool { value("NO_COLOR") != nil }
    /// `XDG_RUNTIME_DIR`, else `TMPDIR`, else /tmp: where files live that a run of a command needs.
    public var runtimeFolder: String { value("XDG_RUNTIME_DIR") ?? value("TMPDIR") ?? "/tmp" }
    /// `BAGGAGE`: W3C baggage of a program that traces with OpenTelemetry. Default: none.
    public var baggage: String? { value("BAGGAGE") }

    /// `BYLINE_MODEL` and its like: fields of the byline. Default: none.
    public var byline: [Byline.Field: String] {
        var fields: [Byline.Field: String] = [:]
        for (name, field) in Self.bylineVariables { fields[field] = value(name) }
        return fields
    }

    private static let bylineVariables: [(String, Byline.Field)] = [
        ("BYLINE_MODEL", .model), ("BYLINE_PROVIDER", .provider), ("BYLINE_PROMPT_ID", .promptID),
        ("BYLINE_PROMPT_DIGEST", .promptDigest), ("BYLINE_CONVERSATION", .conversation), ("BYLINE_AGENT", .agentName),
        ("BYLINE_TOOL_CALL", .toolCall),
    ]
}
