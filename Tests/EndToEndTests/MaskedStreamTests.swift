import Foundation
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// What runs in a pod prints secrets; whoever runs it through the gateway sees masks, and everything else as it is.
    @Suite(.enabled(if: TestEnvironment.current?.hasNode == true, "the cluster has no node"))
    struct MaskedStreamTestsNeedsNode {
        static let pod = "talker-\(random(8).lowercased())"
        static let mask = "byline:masked:hmac-sha256:"

        /// The kubectls to speak with, and whether they speak WebSocket or SPDY.
        static let clients: [(program: String, webSockets: String)] = {
            let variables = ProcessInfo.processInfo.environment
            let programs = [variables["BYLINE_TEST_KUBECTL"], variables["BYLINE_TEST_KUBECTL_OLDER"]].compactMap { $0 }
            return programs.flatMap { program in ["true", "false"].map { (program, $0) } }
        }()

        @Test(arguments: clients, [false, true])
        func aSecretThatIsPrintedInTwoWritesIsMasked(
            client: (program: String, webSockets: String), terminal: Bool
        ) async throws {
            let gateway = try await Self.start()
            let secret = Self.random(36)
            // What is typed does not stand in the middle of what is printed.
            let script = """
                stty -echo 2>/dev/null; printf 'one gh'; printf 'p_%s' "$1"; sleep 0.03; printf '%s two\\n' "$2"; \
                printf 'password=%s' "$1$2" >&2; printf '\\nthree\\n'; exit 7
                """
            let command = ["sh", "-c", script, "sh", String(secret.prefix(20)), String(secret.dropFirst(20))]
            let result = try await Self.exec(gateway, client, terminal: terminal, command)
            #expect(result.code == 7, "\(result.error)")
            let seen = result.output + result.error
            #expect(!seen.contains(secret.prefix(8)) && !seen.contains(secret.suffix(8)), "\(seen)")
            for part in ["one \(Self.mask)", " two", "password=\(Self.mask)", "three"] {
                #expect(seen.contains(part), "\(seen)")
            }
            #expect(seen.components(separatedBy: Self.mask).count == 3)

            let exec = try await gateway.closedExchange(subresource: "exec")
            #expect(exec["close"]?["stream"]?["exit"] == ["code": 7])
            let bytes = exec["close"]?["digests"]
            #expect(bytes?["responseDelivered"] != nil && bytes?["responseDelivered"] != bytes?["response"])
            let recorded = try await gateway.byline([
                "show", exec["open"]?["exchange"]?.string ?? "", "--channel", "stdout",
            ]).output
            #expect(recorded.contains(Self.mask) && !recorded.contains(secret.prefix(8)))
            await gateway.stop()
        }

        @Test(arguments: clients) func whatHoldsNoSecretPassesByteForByte(
            client: (program: String, webSockets: String)
        ) async throws {
            let gateway = try await Self.start()
            let script = """
                dd if=/dev/urandom bs=1M count=20 2>/dev/null > /tmp/many; base64 /tmp/many > /tmp/lines; \
                sha256sum < /tmp/many; sha256sum < /tmp/lines
                """
            let digests = try await gateway.direct(["exec", Self.pod, "--", "sh", "-c", script]).output
                .split(separator: "\n")
            for (file, digest) in zip(["/tmp/many", "/tmp/lines"], digests) {
                let result = try await RunningProgram.run(
                    "\(gateway.environment.programs)/byline",
                    [
                        "run", "--", "/bin/bash", "-c",
                        "set -o pipefail; \"$0\" exec \(Self.pod) -- cat \(file) | sha256sum", client.program,
                    ], environment: Self.variables(gateway, client))
                #expect(result.output == digest + "\n" && result.code == 0, "\(result.error)")
            }
            await gateway.stop()
        }

        @Test func anEditorWorksAndWhatEditorsDrawComesByteForByte() async throws {
            let gateway = try await Self.start()
            let drawn =
                "\u{1B}[?1049h\u{1B}[1;24r\u{1B}[?12h\u{1B}[27m\u{1B}[m\u{1B}[H\u{1B}[2J~\u{1B}[7mtext\u{1B}[K"
                + "\u{1B}]0;root@web: /\u{07}\u{1B}[01;32mroot@web\u{1B}[00m:/# 50%\r60%\r\u{08}\u{1B}[?1049l"
            let octal = drawn.utf8.map { "\\" + String($0, radix: 8) }.joined()
            for (command, sign, line) in [
                (["vi", "/etc/passwd"], "/etc/passwd", ":q!"),
                (
                    ["sh", "-c", "stty -echo; for i in 1 2 3 4 5; do printf '\(octal)'; done; echo END; read x"], "END",
                    ""
                ),
            ] {
                let shown = try await RunningProgram.run(
                    "\(gateway.environment.programs)/byline",
                    [
                        "run", "--", "python3", Self.script("terminal.py"), "80x24", line, gateway.environment.kubectl,
                        "exec", "-it", Self.pod, "--",
                    ] + command, environment: gateway.clientEnvironment.merging(["TYPE_AFTER": sign]) { $1 })
                #expect(shown.code == 0, "\(shown.error)")
                if sign == "END" { #expect(shown.output.contains(String(repeating: drawn, count: 5) + "END")) }
            }
            await gateway.stop()
        }

        @Test(arguments: ["true", "false"]) func everyKeyIsEchoedBeforeTheNextIsTyped(webSockets: String) async throws {
            let gateway = try await Self.start()
            let line = "echo a token, a password and postgres://user npm_ AKIA then more"
            var variables = gateway.clientEnvironment
            variables["KUBECTL_REMOTE_COMMAND_WEBSOCKETS"] = webSockets
            let typed = try await RunningProgram.run(
                "\(gateway.environment.programs)/byline",
                [
                    "run", "--", "python3", Self.script("keystrokes.py"), line, gateway.environment.kubectl, "exec",
                    "-it", Self.pod, "--", "sh", "-c", "echo ready; exec cat",
                ], environment: variables)
            #expect(typed.code == 0 && typed.output.contains(line), "\(typed.error)")
            await gateway.stop()
        }

        @Test(arguments: ["true", "false"]) func anAttachedContainersSecretsAreMasked(webSockets: String) async throws {
            let gateway = try await Self.start()
            var variables = gateway.clientEnvironment
            variables["KUBECTL_REMOTE_COMMAND_WEBSOCKETS"] = webSockets
            let attach = try RunningProgram(
                "\(gateway.environment.programs)/byline",
                ["run", "--", gateway.environment.kubectl, "attach", Self.pod], environment: variables)
            #expect(await attach.prints { $0.split(separator: "\n").count >= 6 })
            attach.signal(SIGTERM)
            _ = await attach.result()
            let lines = attach.printed.split(separator: "\n").filter { $0.hasPrefix("line") }
            #expect(lines.dropLast().allSatisfy { $0.contains("login with password=\(Self.mask)") }, "\(lines)")
            #expect(!attach.printed.contains(Self.printed))
            await gateway.stop()
        }

        @Test func copiedFilesStayWhatTheyAreAndTheRecordSaysSo() async throws {
            let gateway = try await Self.start()
            let secret = Self.random(36)
            let text = "a=1\npassword=\(secret)\n"
            let folder = gateway.folder.path
            try text.write(toFile: "\(folder)/settings", atomically: true, encoding: .utf8)
            for arguments in [
                ["cp", "\(folder)/settings", "\(Self.pod):/tmp/settings"],
                ["cp", "\(Self.pod):/tmp/settings", "\(folder)/back"],
                ["cp", "--retries=2", "\(Self.pod):/tmp/settings", "\(folder)/again"],
            ] {
                let copied = try await gateway.kubectl(arguments)
                #expect(copied.code == 0, "\(copied.error)")
            }
            for copy in ["back", "again"] {
                #expect(try String(contentsOfFile: "\(folder)/\(copy)", encoding: .utf8) == text)
            }
            let exec = try await gateway.closedExchange(subresource: "exec")
            #expect(exec["close"]?["stream"]?["unmasked"] == ["archive"])
            let id = exec["open"]?["exchange"]?.string ?? ""
            #expect(try await gateway.byline(["show", id]).output.contains("an archive of copied files"))
            let recorded = try await gateway.byline(["show", id, "--channel", "stdout"]).output
            #expect(recorded.contains(Self.mask) && !recorded.contains(secret))
            // Another command's archive, and what a tar prints besides, are masked: a header of one opens nothing.
            for command in [
                ["sh", "-c", "tar cf - /tmp/settings"], ["sh", "-c", "tar cf - /etc/hostname; cat /tmp/settings"],
            ] {
                let seen = try await gateway.kubectl(["exec", Self.pod, "--"] + command)
                #expect(!seen.output.contains(secret), "\(command)")
            }
            await gateway.stop()
        }

        @Test func whereCopiesAreDeniedTarIsRefusedAndItsOutputMasked() async throws {
            let gateway = try await ServedGatewayUnderTest.start(
                EndToEnd.environment())
            let developing = try await Self.start()
            let secret = Self.random(36)
            let kubeconfig = try gateway.kubeconfig(for: "dora")
            func kubectl(_ arguments: [String]) async throws -> RunningProgram.Result {
                try await RunningProgram.run(
                    gateway.environment.kubectl, ["--kubeconfig", kubeconfig] + arguments,
                    environment: ["PATH": "/usr/bin:/bin", "HOME": gateway.folder.path])
            }
            let written = try await developing.direct([
                "exec", Self.pod, "--", "sh", "-c", "echo password=\(secret) > /tmp/p",
            ])
            #expect(written.code == 0, "\(written.error)")
            let copied = try await kubectl(["cp", "\(Self.pod):/tmp/p", "\(gateway.folder.path)/p"])
            #expect(copied.error.contains("masking.copies: deny"), "\(copied.error)")
            let file = "\(gateway.folder.path)/up"
            try "up\n".write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try await kubectl(["cp", file, "\(Self.pod):/tmp/up"]).code == 0)
            let hidden = try await kubectl(["exec", Self.pod, "--", "sh", "-c", "tar cf - /tmp/p"])
            #expect(hidden.output.contains(Self.mask) && !hidden.output.contains(secret), "\(hidden.error)")
            await developing.stop()
            await gateway.stop()
        }

        @Test func whereNoRuleAppliesNothingIsTouched() async throws {
            let rules = "masking: {exceptions: [{rules: [\"*\"], resources: [pods/exec]}]}"
            let gateway = try await ServedGatewayUnderTest.start(EndToEnd.environment(), more: rules)
            let kubeconfig = try gateway.kubeconfig(for: "dora")
            let secret = Self.random(36)
            let developing = try await Self.start()
            let shown = try await RunningProgram.run(
                gateway.environment.kubectl,
                ["--kubeconfig", kubeconfig, "exec", Self.pod, "--", "echo", "password=\(secret)"],
                environment: ["PATH": "/usr/bin:/bin", "HOME": gateway.folder.path])
            #expect(shown.output == "password=\(secret)\n", "\(shown.error)")
            await developing.stop()
            await gateway.stop()
        }

        // MARK: parts

        /// What the pod prints all the time.
        static let printed = random(36)

        private static func start() async throws -> GatewayUnderTest {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let manifest = StreamTestsNeedsNode.manifest.replacing("\"streams\"", with: "\"\(pod)\"")
                .replacing("echo line $i", with: "echo line $i login with password=\(printed)")
            _ = try await gateway.direct(["apply", "-f", "-"], input: Data(manifest.utf8))
            let ready = try await gateway.direct(["wait", "--for=condition=Ready", "pod/\(pod)", "--timeout=60s"])
            #expect(ready.code == 0, "\(ready.error)")
            return gateway
        }

        private static func exec(
            _ gateway: GatewayUnderTest, _ client: (program: String, webSockets: String), terminal: Bool,
            _ command: [String]
        ) async throws -> RunningProgram.Result {
            let run = ["run", "--"] + (terminal ? ["python3", script("terminal.py"), "200x24", ""] : [])
            return try await RunningProgram.run(
                "\(gateway.environment.programs)/byline",
                run + [client.program, "exec", terminal ? "-it" : "-i", pod, "--"] + command,
                environment: variables(gateway, client))
        }

        private static func variables(
            _ gateway: GatewayUnderTest, _ client: (program: String, webSockets: String)
        ) -> [String: String] {
            var variables = gateway.clientEnvironment
            variables["KUBECTL_REMOTE_COMMAND_WEBSOCKETS"] = client.webSockets
            return variables
        }

        private static func script(_ name: String) -> String {
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Environment/streams/\(name)").path
        }

        /// Letters and digits that nobody has seen before.
        private static func random(_ length: Int) -> String {
            let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
            return "a7Z" + String((3..<length).map { _ in letters.randomElement() ?? "a" })
        }
    }
}
