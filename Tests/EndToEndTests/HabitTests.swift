import Foundation
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// What a person is used to have from a program: completions, man pages, a doctor.
    @Suite struct HabitTests {
        private let folder: TemporaryFolder
        private let environment: TestEnvironment
        private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

        init() throws {
            folder = try TemporaryFolder()
            environment = try EndToEnd.environment()
        }

        private func byline(_ arguments: [String], _ more: [String: String] = [:]) async throws -> RunningProgram.Result
        {
            let variables = [
                "PATH": "\(environment.programs):/usr/bin:/bin", "HOME": folder.path,
                "BYLINE_STATE": "\(folder.path)/state",
            ]
            return try await RunningProgram.run(
                "\(environment.programs)/byline", arguments, environment: variables.merging(more) { _, new in new })
        }

        @Test(arguments: [("bash", "byline.bash"), ("zsh", "_byline"), ("fish", "byline.fish")])
        func theCompletionsOfTheCheckoutAreThoseOfTheProgram(shell: String, file: String) async throws {
            let kept = try String(
                contentsOf: Self.checkout.appending(path: "completions/\(file)"), encoding: .utf8)
            let made = try await byline(["completion", shell])
            #expect(made.code == 0)
            #expect(made.output == kept, "run: make completions")
        }

        @Test func aShellFindsItsCompletionsWhereTheyAreInstalled() async throws {
            let result = try await byline(["completion", "install"], ["SHELL": "/bin/bash"])
            #expect(result.code == 0)
            let path = "\(folder.path)/.local/share/bash-completion/completions/byline"
            let checked = try await RunningProgram.run("/bin/bash", ["-n", path], environment: [:])
            #expect(checked.code == 0, "\(checked.error)")
            #expect(try await byline(["completion", "install"], ["SHELL": "/bin/false"]).code == 2)
        }

        @Test func clustersAndSessionsAreCompletedFromTheGatewayAndThenFromTheCache() async throws {
            let gateway = try await GatewayUnderTest.start(environment)
            let run = try await gateway.kubectl(["get", "--raw", "/version"])
            #expect(run.code == 0)
            let session = try #require(try await gateway.sessions().first?["session"]?.string)
            func complete(_ arguments: [String]) async throws -> String {
                try await gateway.byline(arguments).output
            }
            #expect(try await complete(["---completion", "run", "--", "--cluster", "0", "0", "te"]).contains("test"))
            #expect(
                try await complete(["---completion", "replay", "--", "positional@0", "0", "0", ""]).contains(session))
            await gateway.stop()
            #expect(try await complete(["---completion", "run", "--", "--cluster", "0", "0", "te"]).contains("test"))
        }

        @Test(arguments: [
            "claude-code/hooks/hooks.json", "codex/hooks.json", "gemini/hooks/hooks.json", "cursor/hooks.json",
        ])
        func aReadyConfigurationHoldsTheHooksThatAreInstalled(path: String) async throws {
            let tool = String(path.prefix { $0 != "/" })
            let kept = try JSON(parsing: Data(contentsOf: Self.checkout.appending(path: "plugins/\(path)")))
            let made = try await byline(["hook", "install", tool, "--print"])
            #expect(try JSON(parsing: made.output)["hooks"] == kept["hooks"])
        }

        @Test func hooksAreMergedAndTakenOutAgain() async throws {
            let settings = "\(folder.path)/.claude/settings.json"
            try FileManager.default.createDirectory(atPath: "\(folder.path)/.claude", withIntermediateDirectories: true)
            let original = "{\n  // mine\n  \"model\": \"opus\",\n  \"hooks\": {\"Stop\": [{\"hooks\": []}]}\n}\n"
            try original.write(toFile: settings, atomically: true, encoding: .utf8)
            #expect(try await byline(["hook", "install", "claude-code"]).code == 0)
            let merged = try String(contentsOfFile: settings, encoding: .utf8)
            #expect(merged.contains("// mine"))
            #expect(merged.contains("\"byline hook claude-code\""))
            #expect(try await byline(["hook", "install", "claude-code"]).code == 0)
            #expect(try String(contentsOfFile: settings, encoding: .utf8) == merged)
            #expect(try await byline(["hook", "install", "claude-code", "--send-prompt"]).code == 0)
            let sending = try String(contentsOfFile: settings, encoding: .utf8)
            #expect(sending == merged.replacing("hook claude-code\"", with: "hook claude-code --send-prompt\""))
            #expect(try await byline(["hook", "install", "claude-code", "--remove"]).code == 0)
            #expect(try String(contentsOfFile: settings, encoding: .utf8) == original)
            try "{broken".write(toFile: settings, atomically: true, encoding: .utf8)
            let refused = try await byline(["hook", "install", "claude-code"])
            #expect(refused.code == 1)
            #expect(try String(contentsOfFile: settings, encoding: .utf8) == "{broken")
        }

        @Test func everyCommandHasAPageThatManCanRead() async throws {
            #expect(try await byline(["manual", folder.path]).code == 0)
            #expect(
                try await byline(["manual", "--of", "\(environment.programs)/byline-gateway", folder.path]).code == 0)
            let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".1") }
            #expect(
                Set(pages).isSuperset(of: [
                    "byline.1", "byline-run.1", "byline-gateway-serve.1", "byline-hook-install.1",
                ]))
            for page in pages {
                let text = try String(contentsOfFile: "\(folder.path)/\(page)", encoding: .utf8)
                #expect(text.hasPrefix(".TH \""))
                #expect(text.contains(".SH SYNOPSIS"))
            }
        }

        @Test func doctorSaysWhatIsAtFaultAndWhatToDo() async throws {
            let gateway = try await GatewayUnderTest.start(environment)
            func states(_ result: RunningProgram.Result) throws -> [String: String] {
                var states: [String: String] = [:]
                for check in try JSON(parsing: result.output)["checks"]?.array ?? [] {
                    states[check["name"]?.string ?? ""] = check["state"]?.string
                    #expect(check["state"] != "fault" || check["hint"] != nil)
                }
                return states
            }
            let good = try await gateway.byline(["doctor", "-o", "json"])
            #expect(good.code == 0, "\(good.output)")
            for name in ["state folder", "gateway", "clock", "sign-in", "session token"] {
                #expect(try states(good)[name] == "ok", "\(name)")
            }
            _ = chmod("\(gateway.folder.path)/client", 0o755)
            #expect(try states(try await gateway.byline(["doctor", "-o", "json"]))["state folder"] == "fault")
            _ = chmod("\(gateway.folder.path)/client", 0o700)
            await gateway.stop()
            let bad = try await gateway.byline(["doctor", "--quiet"])
            #expect(bad.code == 1)
            #expect(bad.output.contains("\(gateway.url) cannot be reached"))
            #expect(!bad.output.contains("ok "))
        }
    }
}
