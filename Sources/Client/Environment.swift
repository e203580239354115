import ContextReading
import LocalState
import Tagging

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
    /// `BYLINE_CONTEXT`: the file of the run that this command is part of, set by `byline run`. Default: none. The
    /// variables that say who writes (`BYLINE_MODEL` and its like) are in `ContextInputs`, the tools' in `ToolSighting`.
    public var runContext: String? { value(ContextReader.runVariable) }
    /// `BYLINE_SESSION`: the session of the run that this command is part of, set by `byline run`. Default: none.
    public var session: String? { value("BYLINE_SESSION") }
    /// `BYLINE_KUBECTL`: the kubectl that `byline kubectl` runs. Default: the first in PATH behind this program.
    public var kubectl: String? { value("BYLINE_KUBECTL") }
    /// `BYLINE_ANNOTATE`: "auto" or "off". Default: auto.
    public var annotate: String? { value("BYLINE_ANNOTATE") }
    /// `BYLINE_ANNOTATION_PREFIX`: the DNS prefix of the annotations. Default: byline.dev.
    public var annotationPrefix: String { value("BYLINE_ANNOTATION_PREFIX") ?? ObjectAnnotations.defaultPrefix }
}
