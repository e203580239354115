import Foundation
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    @Suite struct ContextTests {
        /// The bylines of the exchanges of the only session, in their order, one of each prompt.
        private func bylines(_ gateway: GatewayUnderTest) async throws -> [JSON] {
            let sessions = try await gateway.sessions()
            #expect(sessions.count == 1)
            let session = try #require(sessions.first)
            var bylines: [JSON] = []
            for exchange in try await gateway.exchanges(ofSession: session) {
                guard let byline = exchange["open"]?["byline"], bylines.last != byline else { continue }
                bylines.append(byline)
            }
            return bylines
        }

        private func script(_ gateway: GatewayUnderTest, _ text: String) async throws -> RunningProgram.Result {
            let programs = gateway.environment.programs
            let full = "set -e; PATH=\(programs):$PATH; K=\(gateway.environment.kubectl)\n" + text
            return try await gateway.byline([
                "run", "--model", "model-1", "--prompt-id", "p-1", "--", "sh", "-c", full,
            ])
        }

        @Test func twoPromptsDuringOneRunGiveTwoTags() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let result = try await script(
                gateway,
                """
                $K get --raw /version >/dev/null
                byline context set --prompt-id p-2 --tool-call t-2
                $K get --raw /version >/dev/null
                byline context clear
                $K get --raw /version >/dev/null
                """)
            #expect(result.code == 0, "\(result.error)")
            let bylines = try await bylines(gateway)
            #expect(bylines.map { $0["prompt.id"]?["value"] } == ["p-1", "p-2", "p-1"])
            #expect(bylines.map { $0["gen_ai.tool.call.id"]?["value"] } == [nil, "t-2", nil])
            #expect(bylines.allSatisfy { $0["gen_ai.request.model"]?["value"] == "model-1" })
            await gateway.stop()
        }

        @Test func aToolInARunIsFollowedFromPromptToPrompt() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            func prompt(_ id: String) -> String {
                "printf '%s' '{\"session_id\":\"s\",\"hook_event_name\":\"UserPromptSubmit\",\"turn_id\":\"\(id)\","
                    + "\"model\":\"m\",\"prompt\":\"text of \(id)\"}' | byline hook codex >/dev/null"
            }
            let programs = gateway.environment.programs
            let text =
                "set -e; PATH=\(programs):$PATH; K=\(gateway.environment.kubectl)\n"
                + "\(prompt("h-1"))\n$K get --raw /version >/dev/null\n\(prompt("h-2"))\n$K get --raw /version >/dev/null"
            let result = try await gateway.byline(["run", "--", "sh", "-c", text])
            #expect(result.code == 0, "\(result.error)")
            let bylines = try await bylines(gateway)
            #expect(bylines.map { $0["prompt.id"]?["value"] } == ["h-1", "h-2"])
            #expect(bylines.allSatisfy { $0["gen_ai.agent.name"]?["value"] == "codex" })
            #expect(bylines[0]["byline.prompt.digest"] != bylines[1]["byline.prompt.digest"])
            await gateway.stop()
        }
    }
}
