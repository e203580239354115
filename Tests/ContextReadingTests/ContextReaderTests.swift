import ContextReading
import LocalState
import Tagging
import TestSupport
import Testing
import Vocabulary

@Suite struct ContextReaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var hooks: HookStore { HookStore(state: folder.path) }

    private func reader(
        _ variables: [String: String], flags: [Byline.Field: String] = [:], ancestors: [ProcessIdentity] = []
    ) -> ContextReader {
        ContextReader(
            variables: variables.merging(["BYLINE_STATE": folder.path]) { own, _ in own }, flags: flags,
            ancestors: ancestors)
    }

    private func prompt(_ tool: AITool, _ session: String, _ id: String, owner: ProcessIdentity? = nil) throws {
        let names: [AITool: (String, String, String)] = [
            .claudeCode: ("session_id", "prompt_id", "UserPromptSubmit"),
            .codex: ("session_id", "turn_id", "UserPromptSubmit"),
            .gemini: ("session_id", "", "BeforeAgent"),
            .cursor: ("conversation_id", "generation_id", "beforeSubmitPrompt"),
        ]
        let (sessionName, promptName, event) = try #require(names[tool])
        let report = try HookReport(
            .object([
                .init("hook_event_name", .string(event)), .init(sessionName, .string(session)),
                .init(promptName, .string(id)), .init("prompt", "text"),
            ]), from: tool)
        try hooks.update(HookState.Key(tool: tool, session: session)) { state in
            state.owner = owner
            state.take(report, promptDigest: "sha256:00", mintedID: id)
        }
    }

    @Test func ofASessionTheLastPromptIsKeptUntilTheSessionIsForgotten() throws {
        let key = HookState.Key(tool: .gemini, session: "s/1")
        // What looks like a session's state is still a text.
        let text = HookState(HookState.Key(tool: .gemini, session: "other")).json.canonicalText
        try prompt(.gemini, "s/1", "p-1")
        try hooks.keepPrompt("first", of: key)
        try hooks.keepPrompt(text, of: key)
        #expect(hooks.prompts() == [Array(text.utf8)])
        #expect(try hooks.all(of: .gemini).map(\.session) == ["s/1"])
        try hooks.keepPrompt(nil, of: key)
        #expect(hooks.prompts().isEmpty)
        try hooks.keepPrompt("third", of: key)
        try hooks.remove(key)
        #expect(hooks.prompts().isEmpty)
    }

    @Test func whatAToolToldItsHookIsKnownToItsCommands() throws {
        try prompt(.claudeCode, "s/../1", "p-1")
        let context = reader(["CLAUDE_CODE_CHILD_SESSION": "1", "CLAUDE_CODE_SESSION_ID": "s/../1"]).read()
        #expect(context.fields[.promptID] == .init("p-1", .hook("claude-code")))
        #expect(context.fields[.conversation]?.value == "s/../1")
        #expect(reader(["CLAUDE_CODE_SESSION_ID": "s/../1", "CLAUDECODE": "1"]).read().fields.isEmpty)
        #expect(reader([:]).read().fields.isEmpty)
    }

    @Test func aToolWithoutASessionIdIsFoundAmongTheAncestors() throws {
        let (one, two) = (ProcessIdentity(pid: 10, start: 1), ProcessIdentity(pid: 20, start: 1))
        try prompt(.gemini, "a", "p-a", owner: one)
        try prompt(.gemini, "b", "p-b", owner: two)
        let later = ProcessIdentity(pid: 10, start: 9)
        #expect(reader(["GEMINI_CLI": "1"], ancestors: [two]).read().fields[.promptID]?.value == "p-b")
        #expect(reader(["GEMINI_CLI": "1"], ancestors: [later]).read().fields[.promptID] == nil)
        #expect(reader([:], ancestors: [one]).read().fields.isEmpty)
    }

    @Test func ofToolsWithinToolsTheNearestSpeaks() throws {
        let (outer, inner) = (ProcessIdentity(pid: 10, start: 1), ProcessIdentity(pid: 20, start: 1))
        try prompt(.claudeCode, "s", "p-outer", owner: outer)
        try prompt(.codex, "t", "p-inner", owner: inner)
        let variables = ["CLAUDE_CODE_CHILD_SESSION": "1", "CLAUDE_CODE_SESSION_ID": "s", "CODEX_THREAD_ID": "t"]
        #expect(reader(variables, ancestors: [inner, outer]).read().fields[.promptID]?.value == "p-inner")
        let unknown = reader(variables).read()
        #expect(unknown.fields[.promptID] == nil)
        #expect(unknown.fields[.agentName] == nil)
        #expect(unknown.faults.count == 1)
    }

    @Test func aChangeIsSeenAtTheNextRequest() throws {
        let run = "\(folder.path)/run.json"
        try ContextStore(path: run).update { $0.flags = [.model: "m", .promptID: "p-0"] }
        let live = LiveContext(reader(["BYLINE_CONTEXT": run]))
        #expect(live.current.byline[.promptID]?.value == "p-0")
        for number in 1...50 {
            try ContextStore(path: run).update { $0.fields[.promptID] = "p-\(number)" }
            #expect(live.current.byline[.promptID]?.value == "p-\(number)")
        }
        try prompt(.gemini, "s", "p-hook")
        try ContextStore(path: run).update { file in
            file.fields = [:]
            file.flags[.promptID] = nil
            file.hook = HookState.Key(tool: .gemini, session: "s")
        }
        #expect(live.current.byline[.promptID]?.value == "p-hook")
        #expect(live.current.byline[.model]?.value == "m")
        try prompt(.gemini, "s", "p-next")
        #expect(live.current.byline[.promptID]?.value == "p-next")
    }

    @Test func whatCannotBeReadIsReportedAndTheRestHolds() throws {
        try PrivateFile.replaceAtomically("\(folder.path)/context.json", with: Array("[".utf8))
        let context = reader(["BYLINE_MODEL": "m"]).read()
        #expect(context.fields[.model] == .init("m", .variable("BYLINE_MODEL")))
        #expect(context.faults.count == 1)
    }

    @Test func hooksThatRunAtTheSameTimeLoseNothing() async throws {
        let hooks = hooks
        let key = HookState.Key(tool: .codex, session: "s")
        try await withThrowingTaskGroup { group in
            for number in 0..<40 {
                group.addTask {
                    let report = try HookReport(
                        [
                            "hook_event_name": "PreToolUse", "session_id": "s",
                            "tool_use_id": .string("call-\(number)"),
                        ], from: .codex)
                    try hooks.update(key) { $0.take(report, promptDigest: nil, mintedID: "") }
                }
            }
            try await group.waitForAll()
        }
        #expect(try hooks.load(key)?.openCalls.count == 40)
    }

    @Test func aSessionOfAnyNameHasAFileOfItsOwnOrNone() throws {
        let path = try #require(hooks.path(of: .init(tool: .codex, session: "../../etc/passwd\n")))
        #expect(path.hasPrefix("\(folder.path)/hooks/codex-") && !path.dropFirst(folder.path.count + 7).contains("/"))
        #expect(hooks.path(of: .init(tool: .codex, session: String(repeating: "x", count: 300))) == nil)
    }

    @Test func theProcessesOfThisTestAreKnown() {
        #expect(!ProcessAncestry.own().isEmpty)
    }
}
