import Tagging
import Testing
import Vocabulary

@Suite struct ContextInputsTests {
    @Test func theFirstThatSaysSomethingDecidesFieldByField() throws {
        var inputs = ContextInputs()
        inputs.flags = [.model: "flag"]
        inputs.run.fields = [.model: "set", .promptID: "set"]
        inputs.run.flags = [.promptID: "run", .provider: "run"]
        inputs.variables = [
            "BYLINE_PROVIDER": "variable", "BYLINE_AGENT": "variable", "BYLINE_TOOL_CALL": "",
            "BAGGAGE": "gen_ai.agent.name=baggage,gen_ai.tool.call.id=baggage,other=x",
            "CODEX_THREAD_ID": "thread", "GITHUB_RUN_ID": "7", "CI_JOB_ID": "8",
        ]
        inputs.person.fields = [.agentVersion: "person", .conversation: "person"]
        let fields = inputs.resolve().fields
        #expect(fields[.model] == .init("flag", .flag))
        #expect(fields[.promptID] == .init("set", .setInRun))
        #expect(fields[.provider] == .init("run", .runFlag))
        #expect(fields[.agentName] == .init("variable", .variable("BYLINE_AGENT")))
        #expect(fields[.toolCall] == .init("baggage", .tracing("BAGGAGE")))
        #expect(fields[.agentVersion] == .init("person", .setForPerson))
        #expect(fields[.conversation] == .init("person", .setForPerson))
        #expect(fields[.pipelineRun] == .init("7", .pipeline("GITHUB_RUN_ID")))
    }

    private struct Mark: Sendable {
        let variables: [String: String]
        let name: String
        var session: String?
    }

    private static let marks = [
        Mark(variables: ["CODEX_THREAD_ID": "t"], name: "codex", session: "t"),
        Mark(variables: ["GEMINI_CLI": "1"], name: "gemini"),
        Mark(variables: ["CURSOR_AGENT": "1"], name: "cursor"),
        Mark(variables: ["OPENCODE": "1", "AGENT": "1"], name: "opencode"),
        Mark(variables: ["AGENT": "goose", "AGENT_SESSION_ID": "g"], name: "goose", session: "g"),
        Mark(variables: ["COPILOT_CLI": "1", "COPILOT_AGENT_SESSION_ID": "c"], name: "copilot", session: "c"),
        Mark(variables: ["AI_AGENT": "openhands"], name: "openhands"),
        Mark(
            variables: ["CLAUDE_CODE_CHILD_SESSION": "1", "CLAUDE_CODE_SESSION_ID": "s"], name: "claude-code",
            session: "s"),
    ]

    @Test func eachToolIsKnownByItsOwnVariables() {
        for mark in Self.marks {
            var inputs = ContextInputs()
            inputs.variables = mark.variables
            let fields = inputs.resolve().fields
            #expect(fields[.agentName]?.value == mark.name)
            #expect(fields[.conversation]?.value == mark.session)
        }
    }

    @Test func aVersionIsReadFromTheAgentsVariable() {
        var inputs = ContextInputs()
        inputs.variables = ["CLAUDE_CODE_CHILD_SESSION": "1", "AI_AGENT": "claude-code_2.1.4_agent"]
        #expect(inputs.resolve().fields[.agentVersion] == .init("2.1.4", .tool("AI_AGENT")))
    }

    @Test func aPersonsTerminalInAnEditorIsNoAgent() {
        var inputs = ContextInputs()
        inputs.variables = ["CLAUDECODE": "1", "AI_AGENT": "claude-code_2.1.4_agent", "CLAUDE_CODE_SESSION_ID": "s"]
        #expect(inputs.resolve().fields.isEmpty)
    }

    @Test func aTraceparentIsTakenWhereItIsOne() {
        var inputs = ContextInputs()
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        inputs.variables = ["TRACEPARENT": good]
        #expect(inputs.resolve().traceparent?.value == good)
        let zeros = String(repeating: "0", count: 32)
        for bad in ["", "x", good.uppercased(), "00-\(zeros)-b7ad6b7169203331-01", good + "-1", good + "\r\nX: y"] {
            inputs.variables = ["TRACEPARENT": bad]
            #expect(inputs.resolve().traceparent == nil)
        }
    }

    @Test func whatCannotTravelIsAFaultAndLeavesTheFieldToTheNextSource() {
        var inputs = ContextInputs()
        inputs.variables = ["BYLINE_MODEL": "a\nb", "BAGGAGE": "gen_ai.request.model=good"]
        let context = inputs.resolve()
        #expect(context.fields[.model]?.value == "good")
        #expect(context.faults == [.init(.variable("BYLINE_MODEL"), .invalid(.model))])
    }
}
