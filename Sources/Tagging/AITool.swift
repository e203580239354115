/// A tool whose hooks Byline reads. The raw value is its name on the command line and in the byline's `agent`.
public enum AITool: String, CaseIterable, Hashable, Sendable {
    case claudeCode = "claude-code"
    case codex
    case gemini
    case cursor
}

/// What an AI tool shows of itself to the commands that it runs.
public struct ToolSighting: Hashable, Sendable {
    /// The agent's name.
    public let name: String
    /// The tool, where it has hooks that Byline reads.
    public let tool: AITool?
    /// The session's id and the variable that holds it; nil where the tool shows none.
    public let session: AgentContext.Learned?
    public let version: AgentContext.Learned?
    /// The variable that gives it away.
    public let variable: String

    /// Every tool that left its marks in the variables. A mark that a person's own terminal may carry as well, as
    /// `CLAUDECODE` in an editor's, is none.
    public static func all(in variables: [String: String]) -> [ToolSighting] {
        let marks = Marks(variables)
        var sightings = [
            marks.claudeCode, marks.codex, marks.gemini, marks.cursor, marks.copilot, marks.goose, marks.opencode,
        ].compactMap { $0 }
        if let other = marks.aiAgent, !sightings.contains(where: { $0.name == other.name }) { sightings.append(other) }
        return sightings
    }
}

/// The tools' own variables, by name.
private struct Marks {
    private let variables: [String: String]

    init(_ variables: [String: String]) { self.variables = variables }

    private func value(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    private func learned(_ name: String) -> AgentContext.Learned? {
        value(name).map { AgentContext.Learned($0, .tool(name)) }
    }

    private func sighting(
        _ name: String, _ tool: AITool? = nil, session: String? = nil, version: AgentContext.Learned? = nil,
        by variable: String
    ) -> ToolSighting {
        ToolSighting(name: name, tool: tool, session: session.flatMap(learned), version: version, variable: variable)
    }

    var claudeCode: ToolSighting? {
        guard value("CLAUDE_CODE_CHILD_SESSION") == "1" else { return nil }
        let own = agentVariable
        return sighting(
            "claude-code", .claudeCode, session: "CLAUDE_CODE_SESSION_ID",
            version: own?.name == "claude-code" ? own?.version : nil, by: "CLAUDE_CODE_CHILD_SESSION")
    }

    var codex: ToolSighting? {
        guard value("CODEX_THREAD_ID") != nil else { return nil }
        return sighting("codex", .codex, session: "CODEX_THREAD_ID", by: "CODEX_THREAD_ID")
    }

    var gemini: ToolSighting? {
        guard value("GEMINI_CLI") == "1" else { return nil }
        return sighting("gemini", .gemini, by: "GEMINI_CLI")
    }

    var cursor: ToolSighting? {
        guard value("CURSOR_AGENT") == "1" else { return nil }
        return sighting("cursor", .cursor, by: "CURSOR_AGENT")
    }

    var copilot: ToolSighting? {
        guard value("COPILOT_CLI") == "1" || value("COPILOT_AGENT_SESSION_ID") != nil else { return nil }
        let variable = value("COPILOT_CLI") == "1" ? "COPILOT_CLI" : "COPILOT_AGENT_SESSION_ID"
        return sighting("copilot", session: "COPILOT_AGENT_SESSION_ID", by: variable)
    }

    var goose: ToolSighting? {
        guard value("AGENT") == "goose" else { return nil }
        return sighting("goose", session: "AGENT_SESSION_ID", by: "AGENT")
    }

    var opencode: ToolSighting? {
        guard value("OPENCODE") == "1" else { return nil }
        return sighting("opencode", by: "OPENCODE")
    }

    /// `AI_AGENT` of any tool. That of Claude Code alone is no proof: a person's own terminal in an editor has it too.
    var aiAgent: ToolSighting? {
        guard let own = agentVariable, own.name != "claude-code" else { return nil }
        return sighting(own.name, version: own.version, by: "AI_AGENT")
    }

    /// `AI_AGENT=NAME` or `NAME_VERSION_…`.
    private var agentVariable: (name: String, version: AgentContext.Learned?)? {
        guard let text = value("AI_AGENT") else { return nil }
        let parts = text.split(separator: "_")
        guard let name = parts.first else { return nil }
        let version = parts.dropFirst().first { $0.first?.isNumber == true }
        return (String(name), version.map { AgentContext.Learned(String($0), .tool("AI_AGENT")) })
    }
}
