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
            let seen = try await RunningProgram.run(
                "\(gateway.environment.programs)/byline",
                [
                    "run", "--", script("proxied.sh"), gateway.environment.kubectl, "bash", "-c",
                    "cd \(gateway.folder.path)\n\(fetch)",
                ], environment: gateway.clientEnvironment)
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
            await gateway.stop()
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
            await gateway.stop()
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
            await gateway.stop()
        }

        @Test(
            .enabled(if: TestEnvironment.current?.hasNode == true, "the cluster has no node"),
            arguments: ["0", "65536", "20M"]
                + (ProcessInfo.processInfo.environment["BYLINE_TEST_LARGE"] == nil ? [] : ["1G"]))
        func aFileOfAnyLengthReadsBackAsItWasServed(size: String) async throws {
            let gateway = try await Self.start()
            let pod = "recorded-files"
            let manifest = StreamTestsNeedsNode.manifest.replacing("\"streams\"", with: "\"\(pod)\"")
            _ = try await gateway.direct(["apply", "-f", "-"], input: Data(manifest.utf8))
            _ = try await gateway.direct(["wait", "--for=condition=Ready", "pod/\(pod)", "--timeout=60s"])
            let served = try await gateway.direct([
                "exec", pod, "--", "sh", "-c",
                "mkdir -p /www; cd /www; truncate -s \(size) f; head -c 1 /dev/urandom >> f; (httpd -p 8090 -h /www) 2>/dev/null; "
                    + "sha256sum < f",
            ])
            let path = "/api/v1/namespaces/default/pods/\(pod):8090/proxy/f"
            let got = try await RunningProgram.run(
                "\(gateway.environment.programs)/byline",
                [
                    "run", "--", "bash", "-c", "\"$0\" get --raw \"$1\" | sha256sum", gateway.environment.kubectl, path,
                ], environment: gateway.clientEnvironment)
            #expect(got.output == served.output, "\(got.error)")
            let exchange = try await Self.exchange(gateway, "get")
            let digest = String(served.output.prefix { $0 != " " })
            #expect(exchange["close"]?["digests"]?["responseDelivered"]?.string == digest)
            #expect(try await gateway.digest(of: exchange, "body", "response") == digest)
            _ = try await gateway.direct(["exec", pod, "--", "rm", "-f", "/www/f"])
            await gateway.stop()
        }

        // MARK: parts

        private static func start() async throws -> GatewayUnderTest {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            _ = try await gateway.direct(["create", "namespace", namespace])
            _ = try await gateway.direct(["-n", namespace, "delete", "configmaps", "--all"])
            return gateway
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
