import Foundation
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// `byline hook` as the tools call it: the built program, its standard input, what it leaves behind.
    @Suite struct HookTests {
        private let folder: TemporaryFolder
        private let program: String

        init() throws {
            folder = try TemporaryFolder()
            program = try EndToEnd.environment().programs + "/byline"
        }

        private func byline(
            _ arguments: [String], input: Data? = nil, _ more: [String: String] = [:]
        ) async throws -> RunningProgram.Result {
            let variables = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "BYLINE_STATE": "\(folder.path)/state"]
            return try await RunningProgram.run(
                program, arguments, environment: variables.merging(more) { _, new in new }, input: input)
        }

        private static let samples = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "HookSamples")

        private func samples(of tool: String) throws -> [Data] {
            let folder = Self.samples.appending(path: tool)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            return try names.map { try Data(contentsOf: folder.appending(path: $0)) }
        }

        /// The fields that a command of the tool is tagged with.
        private func context(_ variables: [String: String]) async throws -> [String: String] {
            let result = try await byline(["context", "-o", "json"], variables)
            var fields: [String: String] = [:]
            for field in try JSON(parsing: result.output)["fields"]?.array ?? [] {
                fields[field["field"]?.string ?? ""] = field["value"]?.string
            }
            return fields
        }

        @Test(
            arguments: [
                (
                    "claude-code", ["CLAUDE_CODE_CHILD_SESSION": "1"], "CLAUDE_CODE_SESSION_ID", "claude-opus-4-5",
                    "toolu_01A"
                ),
                ("codex", [:], "CODEX_THREAD_ID", "gpt-5.2-codex", "call_01A"),
                ("gemini", ["GEMINI_CLI": "1"], nil, "gemini-3-pro", nil),
                ("cursor", ["CURSOR_AGENT": "1"], nil, "composer-2", nil),
            ] as [(String, [String: String], String?, String, String?)])
        func whatAToolSaysIsWhatItsCommandsAreTaggedWith(
            tool: String, marks: [String: String], sessionVariable: String?, model: String, call: String?
        ) async throws {
            var session = ""
            var seen: [[String: String]] = []
            for sample in try samples(of: tool) {
                let json = try JSON(parsing: sample)
                session = json["session_id"]?.string ?? json["conversation_id"]?.string ?? ""
                let result = try await byline(["hook", tool], input: sample)
                #expect(result.code == 0)
                #expect(result.error == "")
                let event = json["hook_event_name"]?.string
                let go = event == "beforeSubmitPrompt" ? "{\"continue\":true}\n" : "{}\n"
                #expect(result.output == (tool == "claude-code" ? "" : go))
                var variables = marks
                if let sessionVariable { variables[sessionVariable] = session }
                seen.append(try await context(variables))
            }
            let prompted = try #require(seen.first { $0["prompt.id"] != nil })
            #expect(prompted["conversation"] == session)
            #expect(prompted["agent"] == tool)
            let digest = try await RunningProgram.run(
                "/usr/bin/sha256sum", [], environment: [:], input: Data("scale the web deployment to three".utf8))
            #expect(prompted["prompt.digest"] == "sha256:" + digest.output.prefix(64))
            #expect(seen.contains { $0["model"] == model })
            #expect(seen.contains { $0["tool.call"] != nil } == (call != nil))
            if let call { #expect(seen.contains { $0["tool.call"] == call }) }
            #expect(seen.last?["tool.call"] == nil)
            let kept = try FileManager.default.subpathsOfDirectory(atPath: "\(folder.path)/state")
            for path in kept where path.hasSuffix(".json") {
                let text = try String(contentsOfFile: "\(folder.path)/state/\(path)", encoding: .utf8)
                #expect(!text.contains("scale the web"))
                let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/state/\(path)")
                #expect(mode[.posixPermissions] as? Int == 0o600)
            }
        }

        @Test(arguments: ["claude-code", "codex", "gemini", "cursor"])
        func whateverATooSendsItIsNeverStoppedAndTheFaultIsToldByDoctor(tool: String) async throws {
            let session = tool == "cursor" ? "conversation_id" : "session_id"
            let hostile: [Data] = [
                Data(), Data("{".utf8), Data("[]".utf8), Data("{}".utf8), Data("null".utf8), Data([0xFF, 0xFE, 0x00]),
                Data("{\"\(session)\":7,\"hook_event_name\":\"Stop\"}".utf8),
                Data("{\"\(session)\":\"a\\u001b[2Jb\",\"hook_event_name\":\"Stop\"}".utf8),
                Data("{\"\(session)\":\"\(String(repeating: "x", count: 900))\",\"hook_event_name\":\"Stop\"}".utf8),
                Data("{\"\(session)\":\"../../../../etc/passwd\",\"hook_event_name\":\"Stop\"}".utf8),
                Data("{\"\(session)\":\"s\",\"hook_event_name\":\"Stop\",\"prompt_id\":{\"a\":[1]}}".utf8),
                Data(String(repeating: "[", count: 200_000).utf8),
                Data("{\"\(session)\":\"s\",\"hook_event_name\":\"x\",\"y\":\"".utf8)
                    + Data(repeating: UInt8(ascii: "a"), count: 33 << 20) + Data("\"}".utf8),
            ]
            for input in hostile {
                let result = try await byline(["hook", tool], input: input)
                #expect(result.code == 0)
                #expect(["", "{}\n", "{\"continue\":true}\n"].contains(result.output))
            }
            #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/etc"))
            let doctor = try await byline(["doctor", "-o", "json"])
            let check = try JSON(parsing: doctor.output)["checks"]?.array?.first {
                $0["name"] == .string("hook \(tool)")
            }
            #expect(check?["state"] == "fault")
            #expect(check?["detail"]?.string?.contains("more than 33554432 bytes") == true)
        }

        @Test func aStateFolderThatCannotBeWrittenStopsNoTool() async throws {
            let sample = try samples(of: "codex")[1]
            let result = try await byline(["hook", "codex"], input: sample, ["BYLINE_STATE": "/proc/nowhere"])
            #expect(result.code == 0)
            #expect(result.output == "{}\n")
            let none = try await RunningProgram.run(program, ["hook", "codex"], environment: [:], input: sample)
            #expect(none.code == 0)
        }

        @Test(arguments: ["claude-code", "codex", "gemini", "cursor"])
        func hooksWhoseProgramIsGoneAreToldAndInstalledAnew(tool: String) async throws {
            #expect(try await byline(["hook", "install", tool]).code == 0)
            let file = try #require(
                FileManager.default.subpaths(atPath: folder.path)?.first {
                    $0.hasSuffix("settings.json") || $0.hasSuffix("hooks.json")
                }
            )
            let path = "\(folder.path)/\(file)"
            let installed = try String(contentsOfFile: path, encoding: .utf8)
            let own = URL(filePath: program).resolvingSymlinksInPath().path
            let gone = installed.replacingOccurrences(of: own, with: "/nowhere/byline")
            #expect(gone != installed)
            try gone.write(toFile: path, atomically: true, encoding: .utf8)
            let doctor = try await byline(["doctor"]).output
            #expect(doctor.contains("call /nowhere/byline, which is not there"), "\(doctor)")
            #expect(try await byline(["hook", "install", tool]).code == 0)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == installed)
        }

        @Test func aCommandLineThatIsWrongNeverEndsWithTheCodeThatStopsATool() async throws {
            for arguments in [["hook"], ["hook", "unknown"], ["hook", "codex", "--bogus"], ["hook", "install"]] {
                #expect(try await byline(arguments).code == 1)
            }
        }
    }
}
