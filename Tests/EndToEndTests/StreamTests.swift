import Foundation
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// Streams into a pod. They need a node; a cluster without one leaves them out, with a word from `make test`.
    @Suite(.enabled(if: TestEnvironment.current?.hasNode == true, "the cluster has no node"))
    struct StreamTestsNeedsNode {
        static let pod = "streams"
        static let manifest = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"streams"},"spec":{"terminationGracePeriodSeconds":0,\
            "containers":[{"name":"c","image":"docker.io/local/busybox:1","imagePullPolicy":"Never",\
            "command":["sh","-c","i=0; while :; do echo line $i; i=$((i+1)); sleep 0.2; done"]}]}}
            """

        @Test(arguments: ["true", "false"])
        func execCarriesBothWaysAndIsRecordedRaw(webSockets: String) async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            try await bringUpPod(gateway)
            let extra = ["KUBECTL_REMOTE_COMMAND_WEBSOCKETS": webSockets]
            let bytes = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
            let echoed = try await gateway.kubectl(
                ["exec", "-i", Self.pod, "--", "sha256sum"], extra: extra, input: bytes)
            let local = try await RunningProgram.run("/usr/bin/sha256sum", [], environment: [:], input: bytes)
            #expect(echoed.output == local.output, "\(echoed.error)")
            let failing = try await gateway.kubectl(
                ["exec", Self.pod, "--", "sh", "-c", "echo no >&2; exit 3"], extra: extra)
            #expect(failing.code == 3)
            #expect(failing.error.contains("no\n"))

            let session = try #require(try await gateway.sessions().dropFirst().first)
            let exec = try #require(
                try await gateway.exchanges(ofSession: session).last {
                    $0["open"]?["requestInfo"]?["subresource"] == "exec"
                })
            #expect(exec["close"]?["status"] == 101)
            #expect((exec["close"]?["bytes"]?["request"]?.integer ?? 0) >= bytes.count)
            #expect(exec["open"]?["requestInfo"]?["verb"] != nil)
            await gateway.stop()
        }

        @Test func followedLogsArriveWhileTheyAreWritten() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            try await bringUpPod(gateway)
            let logs = try RunningProgram(
                "\(gateway.environment.programs)/byline",
                ["run", "--", gateway.environment.kubectl, "logs", "-f", "--tail=1", Self.pod],
                environment: gateway.clientEnvironment)
            #expect(await logs.prints { $0.split(separator: "\n").count >= 4 })
            logs.signal(SIGTERM)
            _ = await logs.result()
            await gateway.stop()
        }

        @Test func aPortIsForwarded() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            try await bringUpPod(gateway)
            let exec = try await gateway.direct([
                "exec", Self.pod, "--", "sh", "-c",
                "mkdir -p /www; echo from the pod > /www/index.html; httpd -p 8080 -h /www 2>/dev/null; true",
            ])
            #expect(exec.code == 0, "\(exec.error)")
            let forward = try RunningProgram(
                "\(gateway.environment.programs)/byline",
                ["run", "--", gateway.environment.kubectl, "port-forward", "pod/\(Self.pod)", ":8080"],
                environment: gateway.clientEnvironment)
            #expect(await forward.prints { $0.contains("Forwarding from 127.0.0.1:") })
            let port = forward.printed.components(separatedBy: "127.0.0.1:").last?.prefix { $0.isNumber } ?? ""
            let page = try await RunningProgram.run(
                "/usr/bin/curl", ["-s", "--noproxy", "*", "http://127.0.0.1:\(port)/"], environment: [:])
            #expect(page.output == "from the pod\n")
            forward.signal(SIGTERM)
            _ = await forward.result()
            await gateway.stop()
        }

        private func bringUpPod(_ gateway: GatewayUnderTest) async throws {
            _ = try await gateway.direct(["apply", "-f", "-"], input: Data(Self.manifest.utf8))
            let ready = try await gateway.direct(["wait", "--for=condition=Ready", "pod/\(Self.pod)", "--timeout=60s"])
            #expect(ready.code == 0, "\(ready.error)")
        }
    }
}
