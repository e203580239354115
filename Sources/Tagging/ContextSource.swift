/// Where a field of a byline was learned. The order of the cases is the order of precedence: what stands first wins.
public enum ContextSource: Hashable, Sendable {
    /// An option of this command.
    case flag
    /// `byline context set` inside a run.
    case setInRun
    /// An option of the `byline run` or `byline shim` that this command belongs to.
    case runFlag
    /// `BYLINE_MODEL` and its like; the variable's name.
    case variable(String)
    /// `BAGGAGE` or `TRACEPARENT`, as a program that traces with OpenTelemetry sets them; the variable's name.
    case tracing(String)
    /// What a tool has told `byline hook`; the tool's name.
    case hook(String)
    /// `byline context set`, for everything that this person runs.
    case setForPerson
    /// A variable that a tool sets for the commands that it runs.
    case tool(String)
    /// A variable of a CI system.
    case pipeline(String)

    /// The kind of source, as programs read it.
    public var kind: String {
        switch self {
        case .flag: "flag"
        case .setInRun: "set-in-run"
        case .runFlag: "run-flag"
        case .variable: "variable"
        case .tracing: "tracing"
        case .hook: "hook"
        case .setForPerson: "set"
        case .tool: "tool"
        case .pipeline: "pipeline"
        }
    }

    /// What it is called there: a variable, a tool; nil where the kind says all.
    public var name: String? {
        switch self {
        case .variable(let name), .tracing(let name), .hook(let name), .tool(let name), .pipeline(let name): name
        case .flag, .setInRun, .runFlag, .setForPerson: nil
        }
    }

    /// True where a person or a program said it on purpose: what is wrong with it is then an error, not passed over.
    public var isExplicit: Bool {
        switch self {
        case .flag, .setInRun, .runFlag, .variable, .tracing: true
        case .hook, .setForPerson, .tool, .pipeline: false
        }
    }
}
