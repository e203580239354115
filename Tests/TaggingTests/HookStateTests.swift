import Tagging
import Testing
import Vocabulary

@Suite struct HookStateTests {
    private func report(_ members: [String: JSON]) throws -> HookReport {
        try HookReport(
            .object(members.merging(["session_id": "s"]) { own, _ in own }.map { JSON.Member($0.key, $0.value) }),
            from: .claudeCode)
    }

    private func take(_ state: inout HookState, _ members: [String: JSON], digest: String? = nil) throws {
        state.take(try report(members), promptDigest: digest, mintedID: "minted")
    }

    @Test func aPromptsIdIsTheToolsOwnOrAMintedOne() throws {
        var state = HookState(.init(tool: .claudeCode, session: "s"))
        try take(&state, ["hook_event_name": "UserPromptSubmit", "prompt": "x"], digest: "sha256:1")
        #expect(state.fields[.promptID] == "minted")
        #expect(state.fields[.promptDigest] == "sha256:1")
        try take(&state, ["hook_event_name": "UserPromptSubmit", "prompt_id": "p"], digest: "sha256:2")
        #expect(state.fields[.promptID] == "p")
        try take(&state, ["hook_event_name": "PreToolUse", "prompt_id": "unseen", "tool_use_id": "t"])
        #expect(state.fields[.promptID] == "unseen")
        #expect(state.fields[.promptDigest] == nil)
    }

    @Test func aToolCallIsNamedOnlyWhereItIsTheOnlyOne() throws {
        var state = HookState(.init(tool: .claudeCode, session: "s"))
        try take(&state, ["hook_event_name": "PreToolUse", "tool_use_id": "one", "agent_id": "helper"])
        #expect(state.fields[.toolCall] == "one")
        #expect(state.fields[.agentID] == "helper")
        try take(&state, ["hook_event_name": "PreToolUse", "tool_use_id": "two"])
        #expect(state.fields[.toolCall] == nil)
        #expect(state.fields[.agentID] == nil)
        try take(&state, ["hook_event_name": "PostToolUse", "tool_use_id": "one"])
        #expect(state.fields[.toolCall] == "two")
        try take(&state, ["hook_event_name": "Stop"])
        #expect(state.fields[.toolCall] == nil)
    }

    @Test func callsThatNeverEndDoNotPileUp() throws {
        var state = HookState(.init(tool: .claudeCode, session: "s"))
        for number in 0..<1_000 {
            try take(&state, ["hook_event_name": "PreToolUse", "tool_use_id": .string("\(number)")])
        }
        #expect(state.openCalls.count == 64)
    }

    @Test func aStateReadsBackAsItWasWritten() throws {
        var state = HookState(.init(tool: .claudeCode, session: "s"))
        state.owner = ProcessIdentity(pid: 7, start: 8)
        try take(&state, ["hook_event_name": "UserPromptSubmit", "prompt_id": "p", "model": "m"], digest: "sha256:1")
        try take(&state, ["hook_event_name": "PreToolUse", "prompt_id": "p", "tool_use_id": "t", "agent_id": "a"])
        #expect(HookState(state.json) == state)
    }

    @Test func whatIsNoReportIsRefused() {
        #expect(throws: HookReport.Fault.notJSON) { try HookReport([1], from: .codex) }
        #expect(throws: HookReport.Fault.missing("session_id")) { try HookReport([:], from: .codex) }
        #expect(throws: HookReport.Fault.missing("conversation_id")) {
            try HookReport(["session_id": "s", "hook_event_name": "stop"], from: .cursor)
        }
        #expect(throws: HookReport.Fault.invalid("session_id")) {
            try HookReport(["session_id": "a\u{1B}[2J", "hook_event_name": "Stop"], from: .codex)
        }
        #expect(throws: HookReport.Fault.invalid("model")) {
            try HookReport(
                [
                    "session_id": "s", "hook_event_name": "Stop",
                    "model": .string(String(repeating: "m", count: 1_025)),
                ], from: .codex)
        }
    }
}
