import Client
import Foundation
import TestSupport
import Testing
import Vocabulary

@Suite struct BylineOptionsTests {
    @Test func theCommandLineWinsOverVariablesAndTheseOverBaggage() throws {
        let environment = Environment([
            "BAGGAGE":
                "gen_ai.request.model=from-baggage,prompt.id=from-baggage,gen_ai.agent.name=from-baggage,other=x",
            "BYLINE_MODEL": "from-variable", "BYLINE_PROMPT_ID": "from-variable", "BYLINE_TOOL_CALL": "",
        ])
        let byline = try BylineOptions(fields: [.model: "from-flag"], promptFile: nil).resolve(environment)
        #expect(byline[.model]?.value == "from-flag")
        #expect(byline[.promptID]?.value == "from-variable")
        #expect(byline[.agentName]?.value == "from-baggage")
        #expect(byline[.toolCall] == nil)
    }

    @Test func ofAPromptOnlyItsDigestIsTaken() throws {
        let folder = try TemporaryFolder()
        try "hello\n".write(toFile: "\(folder.path)/prompt", atomically: true, encoding: .utf8)
        let byline = try BylineOptions(fields: [:], promptFile: "\(folder.path)/prompt").resolve(Environment([:]))
        #expect(
            byline[.promptDigest]?.value == "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")
    }

    @Test func whatCannotTravelIsRefusedHere() {
        #expect(throws: ClientFault.self) {
            try BylineOptions(fields: [.promptID: "a\u{1B}b"], promptFile: nil).resolve(Environment([:]))
        }
        #expect(throws: ClientFault.self) {
            try BylineOptions(fields: [.model: String(repeating: "x", count: 1_025)], promptFile: nil).resolve(
                Environment([:]))
        }
        #expect(throws: ClientFault.self) {
            try BylineOptions(fields: [:], promptFile: "/nonexistent").resolve(Environment([:]))
        }
    }
}
