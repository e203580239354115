import Foundation
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    @Suite struct MainJobTests {
        @Test func everyExchangeIsRecordedWithModelAndPromptUnderTheAuditIDThatTheClusterLogs() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let name = "main-job-\(UInt32.random(in: 0...UInt32.max))"
            let created = try await gateway.kubectl(prompt: "p-1", ["create", "configmap", name, "--from-literal=a=b"])
            #expect(created.code == 0, "\(created.error)")
            let missing = try await gateway.kubectl(prompt: "p-2", ["get", "configmap", "not-\(name)"])
            #expect(missing.code == 1)
            #expect(missing.error.contains("NotFound"))
            #expect(try await gateway.kubectl(prompt: "p-3", ["delete", "configmap", name]).code == 0)

            let sessions = try await gateway.sessions()
            #expect(sessions.count == 3)
            var recorded: Set<String> = []
            var verbs: Set<String> = []
            for session in sessions {
                for exchange in try await gateway.exchanges(ofSession: session) {
                    let open = try #require(exchange["open"])
                    recorded.insert(try #require(open["exchange"]?.string))
                    verbs.insert(open["requestInfo"]?["verb"]?.string ?? "")
                    #expect(open["byline"]?["gen_ai.request.model"]?["value"] == "model-1")
                    #expect(open["byline"]?["prompt.id"]?["trust"] == "asserted")
                    #expect(open["decision"]?["rule"] == "dev-allow-all")
                    #expect(exchange["close"]?["outcome"] == "complete")
                }
            }
            #expect(verbs.isSuperset(of: ["create", "get", "delete"]))
            #expect(try gateway.environment.auditIDs().isSuperset(of: recorded))
            await gateway.stop()
        }

        @Test func showsWhatWasSentAndWhatCameBackByteForByte() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            _ = try await gateway.kubectl(["get", "--raw", "/api/v1/namespaces/default"])
            let direct = try await gateway.direct(["get", "--raw", "/api/v1/namespaces/default"])
            let session = try #require(try await gateway.sessions().first)
            let exchange = try #require(try await gateway.exchanges(ofSession: session).last)
            let id = try #require(exchange["open"]?["exchange"]?.string)
            let shown = try await gateway.byline(["show", id, "--response"])
            #expect(shown.output.trimmingCharacters(in: .newlines) == direct.output.trimmingCharacters(in: .newlines))
            let page = try await gateway.byline(["show", id])
            #expect(page.output.contains("prompt-1  (asserted)"))
            #expect(page.output.contains("GET /api/v1/namespaces/default"))
            await gateway.stop()
        }

        @Test func runEndsAsItsCommandEnds() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            #expect(try await gateway.byline(["run", "--", "sh", "-c", "exit 7"]).code == 7)
            #expect(try await gateway.byline(["run", "--", "sh", "-c", "kill -TERM $$"]).code == 143)
            let missing = try await gateway.byline(["run", "--", "no-such-command-here"])
            #expect(missing.code == 127)
            #expect(missing.error == "byline: no-such-command-here: command not found\nhint: check its name and PATH\n")
            await gateway.stop()
        }

        @Test func passesSignalsOnAndRemovesItsKubeconfig() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let script = "trap 'echo got it; exit 5' TERM; echo $KUBECONFIG; while :; do sleep 0.05; done"
            let run = try RunningProgram(
                "\(gateway.environment.programs)/byline", ["run", "--", "sh", "-c", script],
                environment: gateway.clientEnvironment)
            #expect(await run.prints { $0.contains("kubeconfig") })
            let kubeconfig = run.printed.trimmingCharacters(in: .whitespacesAndNewlines)
            let mode = try FileManager.default.attributesOfItem(atPath: kubeconfig)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            run.signal(SIGTERM)
            let result = await run.result()
            #expect(result.code == 5)
            #expect(result.output.hasSuffix("got it\n"))
            #expect(!FileManager.default.fileExists(atPath: (kubeconfig as NSString).deletingLastPathComponent))
            await gateway.stop()
        }

        @Test func showsAWatchedEventWhileTheWatchGoesOn() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let name = "watched-\(UInt32.random(in: 0...UInt32.max))"
            let watch = try await gateway.startWatch()
            #expect(try await gateway.direct(["create", "configmap", name]).code == 0)
            #expect(await watch.prints { $0.contains("configmap/\(name)") })
            watch.signal(SIGTERM)
            _ = await watch.result()
            _ = try await gateway.direct(["delete", "configmap", name])
            let isClosed = try await eventually {
                guard let session = try await gateway.sessions().first else { return false }
                return try await gateway.exchanges(ofSession: session).allSatisfy { $0["close"] != nil }
            }
            #expect(isClosed)
            await gateway.stop()
        }

        @Test func theAgentsSideHoldsNoCredentialOfTheCluster() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let seen = try await gateway.byline(
                [
                    "run", "--", "sh", "-c",
                    "env; cat $KUBECONFIG; cat $(find $BYLINE_STATE $TMPDIR/byline-* -type f 2>/dev/null)",
                ])
            #expect(seen.code == 0)
            #expect(seen.output.contains("current-context"))
            let admin = try String(contentsOfFile: gateway.environment.kubeconfig, encoding: .utf8)
            let secrets = admin.split(whereSeparator: { " \n\"{},".contains($0) }).filter { $0.count > 200 }
            #expect(secrets.count >= 2)
            for secret in secrets {
                // The cluster's CA is no secret, but the agent has no need of it either.
                #expect(!seen.output.contains(secret))
                let pem = Data(base64Encoded: String(secret)).map { String(decoding: $0, as: UTF8.self) } ?? ""
                for line in pem.split(separator: "\n") where line.count == 64 { #expect(!seen.output.contains(line)) }
            }
            await gateway.stop()
        }

        @Test func theCommandInheritsWhatWasOpenBeforeAndNothingElse() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            // What the test's own process has open leaks into its children; a shell closes it before byline is run.
            let closing =
                "for f in /proc/$$/fd/*; do n=${f##*/}; if [ $n -gt 2 ]; then eval \"exec $n>&-\"; fi; done; exec \"$@\""
            // One descriptor more than was inherited is open while ls reads: the folder's own, the lowest that is free.
            let listing = ["/bin/ls", "/proc/self/fd"]
            let program = "\(gateway.environment.programs)/byline"
            for (given, expected) in [("", "0\n1\n2\n3\n"), ("exec 7</dev/null; ", "0\n1\n2\n3\n7\n")] {
                let script = closing.replacing("exec \"$@\"", with: given + "exec \"$@\"")
                let seen = try await RunningProgram.run(
                    "/bin/bash", ["-c", script, "bash", program, "run", "--"] + listing,
                    environment: gateway.clientEnvironment)
                #expect(seen.output == expected)
            }
            await gateway.stop()
        }
    }
}
