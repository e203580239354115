public import Vocabulary

/// Everything that tells who writes, gathered; what comes of it is worked out here, without I/O.
public struct ContextInputs: Sendable {
    /// This command's options.
    public var flags: [Byline.Field: String] = [:]
    /// What the run that this command belongs to was told.
    public var run = ContextFile()
    /// What `byline context set` keeps for the person.
    public var person = ContextFile()
    public var variables: [String: String] = [:]
    /// What each tool that was seen has told `byline hook`.
    public var hooks: [HookState] = []
    /// The processes that this command descends from, the nearest first.
    public var ancestors: [ProcessIdentity] = []

    public init() {}

    /// The variables of the byline, each with its field.
    public static let bylineVariables: [(name: String, field: Byline.Field)] = [
        ("BYLINE_MODEL", .model), ("BYLINE_PROVIDER", .provider), ("BYLINE_PROMPT_ID", .promptID),
        ("BYLINE_PROMPT_DIGEST", .promptDigest), ("BYLINE_CONVERSATION", .conversation), ("BYLINE_AGENT", .agentName),
        ("BYLINE_AGENT_ID", .agentID), ("BYLINE_AGENT_VERSION", .agentVersion), ("BYLINE_TOOL_CALL", .toolCall),
        ("BYLINE_PIPELINE_RUN", .pipelineRun),
    ]

    private static let pipelineVariables = ["GITHUB_RUN_ID", "CI_PIPELINE_ID", "CI_JOB_ID"]

    /// Field by field, the first that says anything: options, the run, `BYLINE_*`, `BAGGAGE`, hooks, what the person set,
    /// the tools' own variables, CI.
    public func resolve() -> AgentContext {
        var context = AgentContext()
        context.learn(flags, from: .flag)
        context.learn(run.fields, from: .setInRun)
        context.learn(run.flags, from: .runFlag)
        for (name, field) in Self.bylineVariables { context.learn(field, variables[name], from: .variable(name)) }
        if let baggage = variables["BAGGAGE"] { context.learn(baggage: baggage, from: .tracing("BAGGAGE")) }
        context.learn(traceparent: variables["TRACEPARENT"], from: .tracing("TRACEPARENT"))
        let sightings = ToolSighting.all(in: variables)
        let hook = hook(of: sightings)
        if let hook { context.learn(hook.fields, from: .hook(hook.tool.rawValue)) }
        context.learn(person.fields, from: .setForPerson)
        learn(sightings, told: hook, into: &context)
        for name in Self.pipelineVariables { context.learn(.pipelineRun, variables[name], from: .pipeline(name)) }
        return context
    }

    /// The hook's state that speaks for this command: the one that the run names, else that of the tool's session, else
    /// that of the tool which is the nearest of this command's ancestors. Where several could be meant, none is.
    private func hook(of sightings: [ToolSighting]) -> HookState? {
        if let named = run.hook, let state = hooks.first(where: { $0.key == named }) { return state }
        let candidates = sightings.flatMap { sighting in hooks.filter { isOf(sighting, $0) } }
        guard sightings.count > 1 || candidates.count > 1 else { return candidates.first }
        for ancestor in ancestors {
            let nearest = candidates.filter { $0.owner == ancestor }
            if let state = nearest.first { return nearest.count == 1 ? state : nil }
        }
        return nil
    }

    /// True where a command with these variables may have to be told by its ancestors whose it is: several tools were seen,
    /// or one that does not show its session.
    public static func ancestorsCount(among variables: [String: String]) -> Bool {
        let sightings = ToolSighting.all(in: variables)
        return sightings.count > 1 || sightings.contains { $0.session == nil }
    }

    /// A tool that shows its session is taken at its word. Of one that does not, it is the session of that very process
    /// which works on a prompt.
    private func isOf(_ sighting: ToolSighting, _ state: HookState) -> Bool {
        guard state.tool == sighting.tool else { return false }
        if let session = sighting.session { return state.session == session.value }
        return state.isInTurn && state.owner.map(ancestors.contains) ?? false
    }

    /// What the tools' variables say, where it is plain which tool speaks.
    private func learn(_ sightings: [ToolSighting], told hook: HookState?, into context: inout AgentContext) {
        let speaking = sightings.filter { hook == nil || $0.tool == hook?.tool }
        guard let sighting = speaking.first else { return }
        if speaking.count > 1 {
            return context.report(.init(.tool(sighting.variable), .severalTools(speaking.map(\.name))))
        }
        context.learn(.agentName, sighting.name, from: .tool(sighting.variable))
        if hook == nil || hook?.session == sighting.session?.value, let session = sighting.session {
            context.learn(.conversation, session.value, from: session.source)
        }
        if let version = sighting.version { context.learn(.agentVersion, version.value, from: version.source) }
    }
}
