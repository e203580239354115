import Foundation
import LocalState
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// What was masked comes back for the auditor who has the key, and for nobody else.
    @Suite struct UnsealTests {
        @Test func theRightKeyGivesTheExactBodyBackAndNoOtherDoes() async throws {
            let environment = try EndToEnd.environment()
            let keys = try TemporaryFolder()
            let auditor = try await Self.generateKey("\(keys.path)/auditor.key")
            _ = try await Self.generateKey("\(keys.path)/other.key")
            let gateway = try await ServedGatewayUnderTest.start(
                environment, more: "masking: {sealTo: [\"\(auditor)\"]}")
            let name = "sealed-\(UUID().uuidString.lowercased())"
            let secret = UUID().uuidString
            let made = try await Self.kubectl(
                environment, environment.kubeconfig,
                ["create", "secret", "generic", name, "--from-literal=password=\(secret)", "--from-literal=empty="])
            #expect(made.code == 0, "\(made.error)")
            let path = "/api/v1/namespaces/default/secrets/\(name)"
            let direct = try await Self.kubectl(environment, environment.kubeconfig, ["get", "--raw", path])
            let caller = try gateway.kubeconfig(for: "dora")
            let seen = try await Self.kubectl(environment, caller, ["get", "--raw", path])
            #expect(seen.code == 0 && seen.output != direct.output)

            let exchange = try #require(
                try await gateway.recorded().last { $0["open"]?["requestInfo"]?["name"] != nil })
            let id = exchange["open"]?["exchange"]?.string ?? ""
            let byline = try await Self.signIn(gateway)
            let recorded = try await byline(["show", id, "--response"])
            #expect(recorded.output.contains("YnlsaW5lOm1hc2tlZDpobWFjLXNoYTI1Nj") && recorded.output != seen.output)
            let unsealed = try await byline([
                "show", id, "--response", "--unseal", "--identity", "\(keys.path)/auditor.key",
            ])
            #expect(unsealed.output == direct.output, "\(unsealed.error)")
            let journal = "\(gateway.folder.path)/state/journal"
            let noted = try await RunningProgram.run(
                "/bin/sh", ["-c", "cat \"$0\"/*.byl | grep -ao '[{][^{}]*sealedOriginalsRead[^{}]*[}]'", journal],
                environment: ["PATH": "/usr/bin:/bin"])
            #expect(noted.output.contains(id) && noted.output.contains("auditor"), "\(noted)")

            let key = try PrivateFile.read("\(keys.path)/auditor.key")
            try PrivateFile.create("\(keys.path)/public.key", with: Array("\(auditor)\n".utf8))
            try PrivateFile.create("\(keys.path)/cut.key", with: key.dropLast(9))
            try PrivateFile.replaceAtomically("\(keys.path)/open.key", with: key, mode: 0o644)
            for (file, sentence) in [
                ("\(keys.path)/other.key", "sealed to other auditors' keys"),
                ("\(gateway.folder.path)/ca.key", "is no auditor's identity"),
                (
                    "\(keys.path)/absent.key",
                    "the identity cannot be read: cannot read \(keys.path)/absent.key: No such file"
                ),
                ("\(keys.path)", "the identity cannot be read: cannot read \(keys.path): Is a directory"),
                ("\(keys.path)/public.key", "is no auditor's identity but its public key"),
                (
                    "\(keys.path)/open.key",
                    "its mode is 0644, others can reach it; run: chmod go= \(keys.path)/open.key"
                ),
                ("\(keys.path)/cut.key", "is no auditor's identity"),
            ] {
                let refused = try await byline(["show", id, "--response", "--unseal", "--identity", file])
                #expect(refused.code == 1 && refused.output.isEmpty, "\(refused.output)")
                #expect(refused.error.contains(sentence), "\(refused.error)")
                #expect(refused.error.contains("\nhint: ") && !refused.error.contains(secret), "\(refused.error)")
            }
            _ = try await Self.kubectl(environment, environment.kubeconfig, ["delete", "secret", name])
            await gateway.stop()
        }

        @Test func withoutAKeyTheRecordSaysThatOriginalsAreNotKept() async throws {
            let environment = try EndToEnd.environment()
            let keys = try TemporaryFolder()
            _ = try await Self.generateKey("\(keys.path)/auditor.key")
            let gateway = try await ServedGatewayUnderTest.start(environment)
            let name = "unsealed-\(UUID().uuidString.lowercased())"
            _ = try await Self.kubectl(
                environment, environment.kubeconfig,
                ["create", "secret", "generic", name, "--from-literal=password=\(name)"])
            _ = try await Self.kubectl(
                environment, try gateway.kubeconfig(for: "dora"), ["get", "secret", name, "-o", "json"])
            let exchange = try #require(
                try await gateway.recorded().last { $0["close"]?["masked"] != nil && $0["open"] != nil })
            #expect(exchange["close"]?["masked"]?["sealedLines"] == 0)
            let byline = try await Self.signIn(gateway)
            let refused = try await byline([
                "show", exchange["open"]?["exchange"]?.string ?? "", "--response", "--unseal", "--identity",
                "\(keys.path)/auditor.key",
            ])
            #expect(refused.code == 1 && refused.output.isEmpty)
            #expect(refused.error.contains("the originals were not kept"), "\(refused.error)")
            let page = try await byline(["show", exchange["open"]?["exchange"]?.string ?? ""])
            #expect(page.output.contains("not kept: no auditor's key was configured"), "\(page.output)")
            _ = try await Self.kubectl(environment, environment.kubeconfig, ["delete", "secret", name])
            await gateway.stop()
        }

        @Test func ofAnExchangeThatGoesOnWhatIsThereComesBackAndItIsSaid() async throws {
            let environment = try EndToEnd.environment()
            let keys = try TemporaryFolder()
            let auditor = try await Self.generateKey("\(keys.path)/auditor.key")
            let gateway = try await ServedGatewayUnderTest.start(
                environment, more: "masking: {sealTo: [\"\(auditor)\"]}")
            let name = "watched-\(UUID().uuidString.lowercased())"
            let secret = UUID().uuidString
            _ = try await Self.kubectl(
                environment, environment.kubeconfig,
                ["create", "secret", "generic", name, "--from-literal=password=\(secret)"])
            let path = "/api/v1/namespaces/default/secrets?watch=1&fieldSelector=metadata.name%3D\(name)"
            let watching = try RunningProgram(
                environment.kubectl,
                ["--kubeconfig", try gateway.kubeconfig(for: "dora"), "get", "--raw", path],
                environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
            #expect(try await eventually { watching.printed.contains("YnlsaW5lOm1hc2tlZDpobWFj") })
            let byline = try await Self.signIn(gateway)
            let exchange = try #require(
                try await gateway.recorded().last { $0["open"]?["requestInfo"]?["verb"] == "watch" })
            #expect(exchange["close"] == nil)
            let unsealed = try await byline([
                "show", exchange["open"]?["exchange"]?.string ?? "", "--response", "--unseal", "--identity",
                "\(keys.path)/auditor.key",
            ])
            #expect(unsealed.code == 0 && unsealed.output.contains(Data(secret.utf8).base64EncodedString()))
            #expect(unsealed.error.contains("its end is not recorded"), "\(unsealed.error)")
            watching.signal(SIGTERM)
            _ = await watching.result()
            _ = try await Self.kubectl(environment, environment.kubeconfig, ["delete", "secret", name])
            await gateway.stop()
        }

        @Test(.enabled(if: TestEnvironment.current?.hasNode == true, "the cluster has no node"))
        func whatACommandPrintedComesBackNeedsNode() async throws {
            let environment = try EndToEnd.environment()
            let keys = try TemporaryFolder()
            let auditor = try await Self.generateKey("\(keys.path)/auditor.key")
            let gateway = try await ServedGatewayUnderTest.start(
                environment, more: "masking: {sealTo: [\"\(auditor)\"]}")
            let manifest = StreamTestsNeedsNode.manifest
            _ = try await Self.kubectl(environment, environment.kubeconfig, ["apply", "-f", "-"], Data(manifest.utf8))
            let pod = StreamTestsNeedsNode.pod
            _ = try await Self.kubectl(
                environment, environment.kubeconfig,
                ["wait", "--for=condition=Ready", "pod/\(pod)", "--timeout=60s"])
            let secret = UUID().uuidString
            let script = "echo one password=$1 two; echo pass=no password=$1 >&2; printf password=; sleep 0.1; echo $1"
            let seen = try await Self.kubectl(
                environment, try gateway.kubeconfig(for: "dora"), ["exec", pod, "--", "sh", "-c", script, "sh", secret])
            #expect(seen.output.contains("byline:masked:") && !seen.output.contains(secret), "\(seen.error)")
            let exchange = try #require(
                try await gateway.recorded().last { $0["open"]?["requestInfo"]?["subresource"] == "exec" })
            let byline = try await Self.signIn(gateway)
            for (channel, text) in [
                ("stdout", "one password=\(secret) two\npassword=\(secret)\n"),
                ("stderr", "pass=no password=\(secret)\n"),
            ] {
                let unsealed = try await byline([
                    "show", exchange["open"]?["exchange"]?.string ?? "", "--channel", channel, "--unseal", "--identity",
                    "\(keys.path)/auditor.key",
                ])
                #expect(unsealed.output == text, "\(unsealed.error)")
            }
            await gateway.stop()
        }

        // MARK: parts

        /// Makes an auditor's key, and gives its public part.
        static func generateKey(_ path: String) async throws -> String {
            let made = try await RunningProgram.run(
                "\(try EndToEnd.environment().programs)/byline-gateway",
                ["keys", "generate", "auditor", "--out", path], environment: ["PATH": "/usr/bin:/bin"])
            #expect(made.code == 0, "\(made.error)")
            return made.output.trimmingCharacters(in: .newlines)
        }

        static func kubectl(
            _ environment: TestEnvironment, _ kubeconfig: String, _ arguments: [String], _ input: Data? = nil
        ) async throws -> RunningProgram.Result {
            try await RunningProgram.run(
                environment.kubectl, ["--kubeconfig", kubeconfig] + arguments,
                environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"], input: input)
        }

        /// Signs in as the auditor, and gives what runs byline so.
        static func signIn(
            _ gateway: ServedGatewayUnderTest
        ) async throws -> ([String]) async throws -> RunningProgram.Result {
            let token = "\(gateway.folder.path)/auditor.token"
            try PrivateFile.replaceAtomically(token, with: Array(try gateway.token("auditor").utf8))
            let variables = [
                "PATH": "/usr/bin:/bin", "HOME": gateway.folder.path, "BYLINE_STATE": "\(gateway.folder.path)/client",
            ]
            let program = "\(gateway.environment.programs)/byline"
            let login = try await RunningProgram.run(
                program,
                [
                    "login", gateway.url, "--token-file", token, "--certificate-authority",
                    "\(gateway.folder.path)/ca.crt",
                ], environment: variables)
            #expect(login.code == 0, "\(login.error)")
            return { try await RunningProgram.run(program, $0, environment: variables) }
        }
    }
}
