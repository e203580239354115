public import Vocabulary

/// What a tool's hook was given on its standard input, read: the same for every tool.
public struct HookReport: Hashable, Sendable {
    public enum Event: Hashable, Sendable {
        /// A person wrote a prompt.
        case prompted
        case callBegan(id: String)
        case callEnded(id: String)
        /// The agent is done with the prompt.
        case turnEnded
        case sessionEnded
        case other
    }

    /// Why the input is no report.
    public enum Fault: Error, Hashable, Sendable {
        case notJSON
        /// A member that has to be there; its name.
        case missing(String)
        /// A value that is longer than baggage takes, or holds control characters; the member's name.
        case invalid(String)
    }

    public let session: String
    public let event: Event
    public let model: String?
    public let promptID: String?
    public let agentID: String?
    public let prompt: String?

    /// Reads what a tool sends to its hooks.
    ///
    /// - Parameters:
    ///   - json: the hook's input.
    ///   - tool: whose hook it is.
    /// - Throws: `Fault` where it cannot be told what session it is about, or a value cannot be used.
    public init(_ json: JSON, from tool: AITool) throws(Fault) {
        guard json.members != nil else { throw .notJSON }
        let names = Names(tool)
        func read(_ name: String?) throws(Fault) -> String? {
            guard let name, let value = json[name]?.string, !value.isEmpty else { return nil }
            guard AgentContext.isUsable(value) else { throw .invalid(name) }
            return value
        }
        guard let session = try read(names.session) else { throw .missing(names.session) }
        guard let name = json["hook_event_name"]?.string else { throw .missing("hook_event_name") }
        self.session = session
        promptID = try read(names.promptID)
        agentID = try read("agent_id")
        let requested = json["llm_request"]?["model"]?.string
        if let requested, !AgentContext.isUsable(requested) { throw .invalid("llm_request.model") }
        model = try read("model") ?? requested
        event = Self.event(name, call: try read("tool_use_id"), bySubagent: agentID != nil)
        prompt = event == .prompted ? json["prompt"]?.string : nil
    }

    /// The tools' names of their events, which differ in little but the spelling.
    private static func event(_ name: String, call: String?, bySubagent: Bool) -> Event {
        switch name {
        case "UserPromptSubmit", "BeforeAgent", "beforeSubmitPrompt": return .prompted
        case "PreToolUse", "preToolUse": return call.map { .callBegan(id: $0) } ?? .other
        case "PostToolUse", "postToolUse", "PostToolUseFailure", "postToolUseFailure":
            return call.map { .callEnded(id: $0) } ?? .other
        case "Stop", "AfterAgent", "stop": return bySubagent ? .other : .turnEnded
        case "SessionEnd", "sessionEnd": return .sessionEnded
        default: return .other
        }
    }

    /// What a tool calls its session and its prompt.
    private struct Names {
        let session: String
        let promptID: String?

        init(_ tool: AITool) {
            switch tool {
            case .claudeCode: (session, promptID) = ("session_id", "prompt_id")
            case .codex: (session, promptID) = ("session_id", "turn_id")
            case .gemini: (session, promptID) = ("session_id", nil)
            case .cursor: (session, promptID) = ("conversation_id", "generation_id")
            }
        }
    }
}
