import Crypto
import Foundation
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// Bodies are recorded whole, and what they say can be read.
    struct RecordedBodyTests {
        private static let namespace = "recorded-bodies"

        @Test func aCompressedListIsRecordedInflatedOnce() async throws {
            let gateway = try await Self.start()
            let fetch = """
                curl -s --noproxy '*' -H 'Accept-Encoding: gzip' -o list.gz \
                http://127.0.0.1:$PORT/openapi/v2
                sha256sum < list.gz; gzip -dc < list.gz | sha256sum; gzip -dc < list.gz | wc -c
                """
            let seen = try await throughProxy(gateway, fetch)
            let lines = seen.output.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
            try #require(lines.count == 3, "\(seen.error)")
            let list = try await Self.exchange(gateway, "get", path: "/openapi/v2")
            #expect(list["close"]?["digests"]?["responseDelivered"]?.string == lines[0])
            #expect(list["close"]?["decoded"]?["sha256"]?.string == lines[1])
            #expect(list["close"]?["decoded"]?["whole"] == true)
            #expect(list["close"]?["decoded"]?["bytes"]?.integer == Int(lines[2]))
            #expect((list["close"]?["bytes"]?["response"]?.integer ?? .max) < (Int(lines[2]) ?? 0) / 2)
            #expect(try await gateway.digest(of: list, "body", "response") == lines[1])
            #expect(
                list["close"]?["headers"]?.array?.contains { $0.strings == ["content-encoding", "gzip"] } == true)
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func whatKubectlSendsInProtobufIsShownByName() async throws {
            let gateway = try await Self.start()
            let created = try await gateway.kubectl([
                "-n", Self.namespace, "create", "configmap", "shown", "--from-literal=key=a value",
            ])
            #expect(created.code == 0, "\(created.error)")
            let create = try await Self.exchange(gateway, "create")
            #expect(create["open"]?["options"]?["fieldManager"] == "kubectl-create")
            let page = try await gateway.byline(["show", create["open"]?["exchange"]?.string ?? ""]).output
            for part in ["\"kind\": \"ConfigMap\"", "\"key\": \"a value\"", "kubectl create", "fieldManager"] {
                #expect(page.contains(part), "\(page)")
            }
            let deleted = try await gateway.kubectl([
                "-n", Self.namespace, "delete", "configmap", "shown", "--cascade=background", "--wait=false",
            ])
            #expect(deleted.code == 0, "\(deleted.error)")
            let delete = try await Self.exchange(gateway, "delete")
            #expect(delete["open"]?["options"]?["propagationPolicy"] == "Background")
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func aWatchReadsBackWithTheTimesOfItsEvents() async throws {
            let gateway = try await Self.start()
            let watch = try RunningProgram(
                "\(gateway.environment.programs)/byline",
                [
                    "run", "--", gateway.environment.kubectl, "-n", Self.namespace, "get", "--raw",
                    "/api/v1/namespaces/\(Self.namespace)/configmaps?watch=true&timeoutSeconds=4&fieldSelector="
                        + "metadata.name%3Dwatched",
                ], environment: gateway.clientEnvironment)
            try await Task.sleep(for: .seconds(1))
            for verb in ["create", "delete"] {
                _ = try await gateway.direct(["-n", Self.namespace, verb, "configmap", "watched"])
                try await Task.sleep(for: .milliseconds(700))
            }
            let seen = await watch.result()
            #expect(seen.output.split(separator: "\n").count == 2, "\(seen.output)\(seen.error)")
            let exchange = try await Self.exchange(gateway, "watch")
            #expect(
                try await gateway.digest(of: exchange, "body", "response")
                    == HexDigits.lower(SHA256.hash(data: Data(seen.output.utf8))))
            let page = try await gateway.byline(["show", exchange["open"]?["exchange"]?.string ?? ""]).output
            let times = page.split(separator: "\n").filter { $0.contains("< body") }.compactMap {
                $0.split(separator: " ").first.flatMap { Double($0.dropFirst()) }
            }
            #expect(times.count == 2 && (times.last ?? 0) - (times.first ?? 0) > 0.4, "\(page)")
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func aRequestOfUnknownLengthReadsBackAsItWasSent() async throws {
            let gateway = try await Self.start()
            let body = """
                {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "in-pieces"},
                "data": {"text": "\(String(repeating: "piece by piece ", count: 20_000))"}}
                """
            let file = "\(gateway.folder.path)/body.json"
            try body.write(toFile: file, atomically: true, encoding: .utf8)
            let send = """
                curl -s --noproxy '*' -X POST -H 'Content-Type: application/json' -T - -o /dev/null -w '%{http_code}' \
                http://127.0.0.1:$PORT/api/v1/namespaces/\(Self.namespace)/configmaps < \(file)
                """
            let sent = try await throughProxy(gateway, send)
            #expect(sent.output.hasSuffix("201"), "\(sent.error)")
            let create = try await Self.exchange(gateway, "create")
            let digest = HexDigits.lower(SHA256.hash(data: Data(body.utf8)))
            #expect(create["close"]?["digests"]?["requestReceived"]?.string == digest)
            #expect(try await gateway.digest(of: create, "body", "request") == digest)
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test(.enabled(if: TestEnvironment.current?.hasNode == true, "the cluster has no node"))
        func anAnswerOfUnknownLengthAndALogReadBackAsTheyWereServed() async throws {
            let gateway = try await Self.start()
            try await Self.servePod("recorded-files", gateway)
            let served = try await gateway.direct([
                "exec", "recorded-files", "--", "sh", "-c",
                "head -c 5000000 /dev/urandom > /tmp/g; sha256sum < /tmp/g; ((printf 'HTTP/1.0 200 OK\\r\\nContent-Type: "
                    + "application/octet-stream\\r\\n\\r\\n'; cat /tmp/g) | nc -l -p 9003) >/dev/null 2>&1 &",
            ])
            let digest = String(served.output.prefix { $0 != " " })
            let path = "/api/v1/namespaces/default/pods/recorded-files:9003/proxy/g"
            let got = try await summed(["get", "--raw", path], gateway)
            #expect(got.output.hasPrefix(digest), "\(got.error)")
            let answer = try await Self.exchange(gateway, "get", path: path)
            #expect(answer["close"]?["digests"]?["responseDelivered"]?.string == digest)
            #expect(try await gateway.digest(of: answer, "body", "response") == digest)

            let log = try await gateway.direct(["logs", "recorded-files", "--limit-bytes=12"])
            let logged = try await summed(["logs", "recorded-files", "--limit-bytes=12"], gateway)
            let lines = HexDigits.lower(SHA256.hash(data: Data(log.output.utf8)))
            #expect(log.output.utf8.count == 12 && logged.output.hasPrefix(lines), "\(logged.error)")
            let exchange = try await Self.exchange(
                gateway, "get", path: "/api/v1/namespaces/default/pods/recorded-files/log?container=c&limitBytes=12")
            #expect(exchange["close"]?["digests"]?["responseDelivered"]?.string == lines)
            #expect(try await gateway.digest(of: exchange, "body", "response") == lines)
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test(
            .enabled(if: TestEnvironment.current?.hasNode == true, "the cluster has no node"),
            arguments: ["0", "65536", "20M"]
                + (ProcessInfo.processInfo.environment["BYLINE_TEST_LARGE"] == nil ? [] : ["1G"]))
        func aFileOfAnyLengthReadsBackAsItWasServed(size: String) async throws {
            let gateway = try await Self.start()
            let pod = "recorded-files"
            try await Self.servePod(pod, gateway)
            let served = try await gateway.direct([
                "exec", pod, "--", "sh", "-c",
                "mkdir -p /www; cd /www; truncate -s \(size) f; head -c 1 /dev/urandom >> f; (httpd -p 8090 -h /www) 2>/dev/null; "
                    + "sha256sum < f",
            ])
            let path = "/api/v1/namespaces/default/pods/\(pod):8090/proxy/f"
            let got = try await summed(["get", "--raw", path], gateway)
            #expect(got.output == served.output, "\(got.error)")
            let exchange = try await Self.exchange(gateway, "get")
            let digest = String(served.output.prefix { $0 != " " })
            #expect(exchange["close"]?["digests"]?["responseDelivered"]?.string == digest)
            #expect(try await gateway.digest(of: exchange, "body", "response") == digest)
            _ = try await gateway.direct(["exec", pod, "--", "rm", "-f", "/www/f"])
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        // MARK: parts

        private static func start() async throws -> GatewayUnderTest {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            _ = try await gateway.direct(["create", "namespace", namespace])
            _ = try await gateway.direct(["-n", namespace, "delete", "configmaps", "--all"])
            return gateway
        }

        private static func servePod(_ name: String, _ gateway: GatewayUnderTest) async throws {
            let manifest = StreamTestsNeedsNode.manifest.replacing("\"streams\"", with: "\"\(name)\"")
            _ = try await gateway.direct(["apply", "-f", "-"], input: Data(manifest.utf8))
            _ = try await gateway.direct(["wait", "--for=condition=Ready", "pod/\(name)", "--timeout=60s"])
        }

        /// What sha256sum says of what kubectl prints through the gateway.
        private func summed(_ arguments: [String], _ gateway: GatewayUnderTest) async throws -> RunningProgram.Result {
            try await RunningProgram.run(
                "\(gateway.environment.programs)/byline",
                ["run", "--", "bash", "-c", "\"$0\" \"$@\" | sha256sum", gateway.environment.kubectl] + arguments,
                environment: gateway.clientEnvironment)
        }

        /// Runs a script in the gateway's folder while kubectl proxy serves the gateway's cluster at $PORT.
        private func throughProxy(_ gateway: GatewayUnderTest, _ text: String) async throws -> RunningProgram.Result {
            try await RunningProgram.run(
                "\(gateway.environment.programs)/byline",
                [
                    "run", "--", script("proxied.sh"), gateway.environment.kubectl, "bash", "-c",
                    "cd \(gateway.folder.path)\n\(text)",
                ], environment: gateway.clientEnvironment)
        }

        /// The latest closed exchange of that verb with a resource.
        private static func exchange(
            _ gateway: GatewayUnderTest, _ verb: String, path: String? = nil
        ) async throws -> JSON {
            var found: JSON?
            _ = try await eventually(every: .milliseconds(200)) {
                found = nil
                for session in try await gateway.sessions() where found == nil {
                    found = try await gateway.exchanges(ofSession: session).last {
                        $0["open"]?["requestInfo"]?["verb"]?.string == verb
                            && (path == nil
                                ? $0["open"]?["requestInfo"]?["resource"] != nil
                                : $0["open"]?["target"]?.string == path)
                    }
                }
                return found?["close"] != nil
            }
            return try #require(found)
        }

        private func script(_ name: String) -> String {
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Environment/streams/\(name)").path
        }
    }
}
