import Foundation
import LocalState
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// The text of a prompt goes where somebody asked for it, and nowhere else.
    @Suite struct PromptTests {
        private let text = "scale the web deployment of team \(UUID().uuidString) to three"
        private let secret = UUID().uuidString

        /// The files below a folder, journal and index among them, that hold a text.
        private func files(with text: String, in folder: TemporaryFolder) async throws -> [String] {
            let found = try await RunningProgram.run(
                "/bin/grep", ["-r", "-a", "-l", "-F", "--", text, folder.path], environment: [:])
            #expect(found.code <= 1, "\(found.error)")
            return found.output.split(separator: "\n").map(String.init)
        }

        /// A run in which a tool takes a prompt and works at it.
        private func work(
            _ gateway: GatewayUnderTest, _ options: [String], hookOptions: String = ""
        ) async throws -> RunningProgram.Result {
            let report: JSON = [
                "hook_event_name": "UserPromptSubmit", "model": "m",
                "prompt": .string("\(text)\npassword=\(secret)"), "session_id": "s", "turn_id": "p-1",
            ]
            let kubectl = gateway.environment.kubectl
            let script = """
                set -e; PATH=\(gateway.environment.programs):$PATH
                byline hook codex \(hookOptions) >/dev/null
                \(kubectl) get --raw /version >/dev/null
                \(kubectl) get --raw /livez >/dev/null
                """
            return try await gateway.byline(
                ["run"] + options + ["--", "sh", "-c", script], input: Data(report.canonicalBytes))
        }

        private func session(_ gateway: GatewayUnderTest) async throws -> String {
            try #require(try await gateway.sessions().first?["session"]?.string)
        }

        @Test func whatIsSentIsReplayedWithItsSecretsMasked() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let result = try await work(gateway, ["--send-prompt"])
            #expect(result.code == 0, "\(result.error)")
            let id = try await session(gateway)
            let replayed = try await gateway.byline(["replay", id])
            #expect(replayed.output.contains("    \(text)\n    password=byline:masked:"), "\(replayed.output)")
            #expect(!replayed.output.contains(secret))
            let prompts = try await gateway.exchanges(ofSession: ["session": .string(id)]).map { $0["prompt"] }
            #expect(prompts.count == 2 && prompts[0] != nil && prompts[1] == nil)
            let exchanges = try await gateway.exchanges(ofSession: ["session": .string(id)])
            for exchange in exchanges {
                let shown = try await gateway.byline(["show", exchange["open"]?["exchange"]?.string ?? ""])
                #expect(shown.output.contains(text) && !shown.output.contains(secret))
            }
            let journal = try await RunningProgram.run(
                "/bin/grep", ["-r", "-a", "-o", "-h", "-F", "--", text, "\(gateway.state)/journal"], environment: [:])
            #expect(journal.output == text + "\n")
            let kept = try await files(with: secret, in: gateway.folder)
            #expect(kept.count == 1 && kept[0].hasSuffix(".prompt"), "\(kept)")
            let mode = try FileManager.default.attributesOfItem(atPath: kept[0])[.posixPermissions]
            #expect(mode as? Int == 0o600)
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func eachPromptOfARunIsSentAndTellsItsExchanges() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            var script = "set -e; PATH=\(gateway.environment.programs):$PATH\n"
            for number in 1...3 {
                let report: JSON = [
                    "generation_id": .string("p-\(number)"), "hook_event_name": "beforeSubmitPrompt",
                    "conversation_id": "c", "model": "m", "prompt": .string("\(text), and then \(number)"),
                ]
                let file = "\(gateway.folder.path)/report-\(number)"
                try PrivateFile.replaceAtomically(file, with: report.canonicalBytes)
                script += "byline hook cursor --send-prompt < \(file) >/dev/null\n"
                script += "\(gateway.environment.kubectl) get --raw /version >/dev/null\n"
            }
            let result = try await gateway.byline(["run", "--send-prompt", "--", "sh", "-c", script])
            #expect(result.code == 0, "\(result.error)")
            let exchanges = try await gateway.exchanges(ofSession: ["session": .string(try await session(gateway))])
            #expect(
                exchanges.map { $0["prompt"]?["text"] }
                    == (1...3).map { .string("\(text), and then \($0)") })
            await gateway.stop()
        }

        @Test func withoutBeingAskedForTheTextIsNowhere() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let result = try await work(gateway, [])
            #expect(result.code == 0, "\(result.error)")
            let exchange = try #require(
                try await gateway.exchanges(ofSession: ["session": .string(try await session(gateway))]).first)
            let byline = exchange["open"]?["byline"]
            #expect(byline?["byline.prompt.digest"]?["value"]?.string?.hasPrefix("sha256:") == true)
            #expect(exchange["prompt"] == nil)
            #expect(try await files(with: text, in: gateway.folder) == [])
            await gateway.stop()
        }

        @Test func aHookThatKeepsTheTextSendsItNowhereByItself() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let result = try await work(gateway, [], hookOptions: "--send-prompt")
            #expect(result.code == 0, "\(result.error)")
            let kept = try await files(with: text, in: gateway.folder)
            #expect(kept.count == 1 && kept[0].hasSuffix(".prompt"), "\(kept)")
            let ended = Data(#"{"session_id":"s","hook_event_name":"SessionEnd"}"#.utf8)
            #expect(try await gateway.byline(["hook", "codex"], input: ended).code == 0)
            #expect(try await files(with: text, in: gateway.folder) == [])
            await gateway.stop()
        }

        @Test func aPromptInAFileIsSentWithTheNewSessionTokenThatNamesIt() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let file = "\(gateway.folder.path)/prompt.txt"
            try Data(text.utf8).write(to: URL(filePath: file))
            let arguments = ["credential", "--prompt-file", file]
            #expect(try await gateway.byline(arguments + ["--model", "m-1"]).code == 0)
            #expect(try await files(with: text, in: gateway.folder) == [file])
            let result = try await gateway.byline(arguments + ["--send-prompt"])
            #expect(result.code == 0 && !result.output.contains(text), "\(result.error)")
            let found = try await files(with: text, in: gateway.folder)
            #expect(found.count == 2 && found.contains { $0.hasSuffix(".byl") }, "\(found)")
            await gateway.stop()
        }

        private static let path = "/byline/v1/prompts"
        private static let version = "/clusters/test/version"

        private func baggage(_ text: String) async throws -> [String] {
            let digest = try await RunningProgram.run(
                "/usr/bin/sha256sum", [], environment: [:], input: Data(text.utf8)
            ).output.prefix(64)
            return ["baggage: gen_ai.conversation.id=c-1,byline.prompt.digest=sha256%3A\(digest)"]
        }

        @Test func aGatewayThatIsNotToldToRecordsNoText() async throws {
            let gateway = try await ServedGatewayUnderTest.start(EndToEnd.environment())
            let told = try await gateway.send("GET", "/.well-known/byline", token: nil)
            #expect(try JSON(parsing: told.body)["prompts"] == "digest")
            let refused = try await gateway.send(
                "POST", Self.path, token: gateway.token("alice"), headers: baggage(text), body: text)
            #expect(refused.status == 403 && refused.body.contains("recording.prompts: digest"), "\(refused.body)")
            #expect(try await files(with: text, in: gateway.folder).allSatisfy { $0.hasSuffix(".body") })
            #expect(!gateway.log().contains(text))
            let run = try await signIn(gateway)(["run", "--send-prompt", "--", "sh", "-c", "echo $BYLINE_SEND_PROMPT"])
            #expect(run.code == 0 && run.output == "\n")
            #expect(run.error == "byline: the gateway records no texts of prompts, so only the SHA-256 is sent\n")
            await gateway.stop()
        }

        /// `byline` of somebody who is signed in.
        private func signIn(
            _ gateway: ServedGatewayUnderTest
        ) async throws -> ([String]) async throws -> RunningProgram.Result {
            let folder = gateway.folder.path
            try PrivateFile.replaceAtomically("\(folder)/alice.token", with: Array(try gateway.token("alice").utf8))
            let program = "\(gateway.environment.programs)/byline"
            let variables = ["PATH": "/usr/bin:/bin", "HOME": folder, "BYLINE_STATE": "\(folder)/client"]
            let login = [
                "login", gateway.url, "--token-file", "\(folder)/alice.token", "--certificate-authority",
                "\(folder)/ca.crt",
            ]
            let result = try await RunningProgram.run(program, login, environment: variables)
            #expect(result.code == 0, "\(result.error)")
            return { try await RunningProgram.run(program, $0, environment: variables) }
        }

        @Test func aGatewayThatAsksIsSentWhatIsKnown() async throws {
            let gateway = try await ServedGatewayUnderTest.start(
                EndToEnd.environment(), more: "recording: {prompts: asked}")
            let byline = try await signIn(gateway)
            let file = "\(gateway.folder.path)/prompt"
            try PrivateFile.replaceAtomically(file, with: Array(text.utf8))
            let script = "\(gateway.environment.kubectl) get --raw /version >/dev/null && echo $BYLINE_SEND_PROMPT"
            let result = try await byline(["run", "--prompt-file", file, "--", "sh", "-c", script])
            #expect(result.code == 0 && result.output == "1\n", "\(result.error)")
            #expect(try await gateway.recorded().compactMap { $0["prompt"]?["text"] } == [.string(text)])
            await gateway.stop()
        }

        @Test func aTextIsTakenForTheSessionOfTheOneWhoSendsItAndUnderItsOwnDigest() async throws {
            let gateway = try await ServedGatewayUnderTest.start(
                EndToEnd.environment(), more: "recording: {prompts: asked}")
            let told = try await gateway.send("GET", "/.well-known/byline", token: nil)
            #expect(try JSON(parsing: told.body)["prompts"] == "asked")
            let alice = try gateway.token("alice")
            let headers = try await baggage(text)
            for (token, headers, body, status) in [
                (nil, headers, text, 401), (alice, [], text, 400), (alice, headers, text + "!", 400),
                (try gateway.token("bob"), headers, text, 200),
            ] {
                let answer = try await gateway.send("POST", Self.path, token: token, headers: headers, body: body)
                #expect(answer.status == status, "\(answer.body)")
            }
            #expect(try await gateway.send("GET", Self.path, token: alice).status == 405)
            #expect(try await gateway.send("GET", Self.version, token: alice, headers: headers).status == 200)
            #expect(try await gateway.recorded().allSatisfy { $0["prompt"] == nil })
            for _ in 0..<2 {
                let taken = try await gateway.send("POST", Self.path, token: alice, headers: headers, body: text)
                #expect(taken.status == 200, "\(taken.body)")
            }
            let exchange = try #require(try await gateway.recorded().first)
            #expect(exchange["prompt"]?["text"] == .string(text))
            let document = try APIDocument(
                JSON(parsing: await gateway.send("GET", "/byline/v1/openapi.json", token: nil).body))
            try document.check(exchange.canonicalText, schema: "Exchange")
            #expect(!gateway.log().contains(text))
            await gateway.stop()
        }
    }
}
