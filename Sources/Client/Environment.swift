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
    /// `BYLINE_CERTIFICATE_AUTHORITY`: PEM to verify the gateway against. Default: the system's authorities. The variables
    /// that say which sign-in is meant are in `Account`.
    public var certificateAuthority: String? { value("BYLINE_CERTIFICATE_AUTHORITY") }
    /// `KUBECONFIG`: kubectl's own; files with colons between them. Default: ~/.kube/config.
    var kubeconfig: String? { value("KUBECONFIG") }
    /// `BROWSER`: the program that opens the issuer's page. Default: xdg-open, where there is a display.
    public var browser: String? { value("BROWSER") }
    /// `DISPLAY`, `WAYLAND_DISPLAY`: a browser that is opened is seen.
    var hasDisplay: Bool { value("DISPLAY") != nil || value("WAYLAND_DISPLAY") != nil }
    /// `SSH_CONNECTION`: the person sits elsewhere.
    var isRemote: Bool { value("SSH_CONNECTION") != nil }
    /// `BYLINE_CLUSTER`: the cluster to begin with. Default: the gateway's only one.
    public var cluster: String? { value("BYLINE_CLUSTER") }
    /// `NO_COLOR`: set to anything, no colours are used (https://no-color.org). Default: colours on a terminal.
    public var noColor: Bool { value("NO_COLOR") != nil }
    /// `XDG_RUNTIME_DIR`, else `TMPDIR`, else /tmp: where files live that a run of a command needs.
    public var runtimeFolder: String { value("XDG_RUNTIME_DIR") ?? value("TMPDIR") ?? "/tmp" }
    /// `HOME`: the person's folder, which holds the AI tools' settings.
    public var home: String? { value("HOME") }
    /// `CLAUDE_CONFIG_DIR`: Claude Code's folder. Default: ~/.claude.
    public var claudeFolder: String? { value("CLAUDE_CONFIG_DIR") }
    /// `CODEX_HOME`: Codex' folder. Default: ~/.codex.
    public var codexFolder: String? { value("CODEX_HOME") }
    /// `PATH`: where programs are looked for.
    public var path: String { value("PATH") ?? "/usr/local/bin:/usr/bin:/bin" }
    /// `KUBERC`: kubectl's preferences. Default: ~/.kube/kuberc.
    public var kuberc: String? { value("KUBERC") ?? home.map { "\($0)/.kube/kuberc" } }
    /// `SHELL`: the person's shell, for `byline completion install`.
    public var shell: String? { value("SHELL") }
    /// `XDG_DATA_HOME`, else ~/.local/share: where a person's own completions for bash and zsh lie.
    public var dataFolder: String? { value("XDG_DATA_HOME") ?? home.map { "\($0)/.local/share" } }
    /// `XDG_CONFIG_HOME`, else ~/.config: where those for fish lie.
    public var configurationFolder: String? { value("XDG_CONFIG_HOME") ?? home.map { "\($0)/.config" } }
    /// `LISTEN_PID`, set by systemd: the process that sockets are passed to.
    var listenPID: Int32? { value("LISTEN_PID").flatMap { Int32($0) } }
    /// `LISTEN_FDS`, set by systemd: how many sockets are passed.
    var listenDescriptors: Int? { value("LISTEN_FDS").flatMap { Int($0) } }
    /// `BYLINE_CONTEXT`: the file of the run that this command is part of, set by `byline run`. Default: none. The
    /// variables that say who writes (`BYLINE_MODEL` and its like) are in `ContextInputs`, the tools' in `ToolSighting`.
    public var runContext: String? { value(ContextReader.runVariable) }
    /// `BYLINE_SESSION`: the session of the run that this command is part of, set by `byline run`. Default: none.
    public var session: String? { value("BYLINE_SESSION") }
    /// `BYLINE_SEND_PROMPT`: 1, and hooks keep the text of a session's prompt, which is sent to gateways that record it, as
    /// with `--send-prompt`. Default: only its SHA-256 is kept and sent.
    public var sendsPrompt: Bool { value(Self.sendPromptVariable) == "1" }
    static let sendPromptVariable = "BYLINE_SEND_PROMPT"
    /// `BYLINE_KUBECTL`: the kubectl that `byline kubectl` runs. Default: the first in PATH behind this program.
    public var kubectl: String? { value("BYLINE_KUBECTL") }
    /// `BYLINE_ANNOTATE`: "auto" or "off". Default: auto.
    public var annotate: String? { value("BYLINE_ANNOTATE") }
    /// `BYLINE_ANNOTATION_PREFIX`: the DNS prefix of the annotations. Default: byline.dev.
    public var annotationPrefix: String { value("BYLINE_ANNOTATION_PREFIX") ?? ObjectAnnotations.defaultPrefix }
}
