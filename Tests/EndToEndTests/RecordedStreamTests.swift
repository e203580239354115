import Crypto
import Foundation
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// What passes through upgraded connections is recorded channel by channel, byte for byte.
    @Suite(.enabled(if: TestEnvironment.current?.hasNode == true, "the cluster has no node"))
    struct RecordedStreamTestsNeedsNode {
        static let pod = "channels"

        @Test func anExecWithoutATerminalIsRecordedByChannel() async throws {
            let gateway = try await Self.start()
            let result = try await gateway.kubectl(
                ["exec", "-i", Self.pod, "--", "sh", "-c", "cat; echo no >&2; exit 3"], input: Data("typed\n".utf8))
            #expect(result.code == 3)
            let exec = try await gateway.closedExchange(subresource: "exec")
            #expect(exec["close"]?["stream"]?["exit"] == ["code": 3])
            #expect(exec["close"]?["stream"]?["undecoded"] == nil)
            for (channel, direction, text) in [
                ("stdin", "request", "typed\n"), ("stdout", "response", "typed\n"), ("stderr", "response", "no\n"),
            ] {
                #expect(GatewayUnderTest.channel(channel, direction, of: exec)?["bytes"]?.integer == text.utf8.count)
                #expect(try await gateway.digest(of: exec, channel, direction) == Self.digest(of: text))
                #expect(
                    GatewayUnderTest.channel(channel, direction, of: exec)?["sha256"]?.string == Self.digest(of: text))
            }
            #expect(GatewayUnderTest.channel("stdin", "request", of: exec)?["end"] == "closed")
            let page = try await gateway.byline(["show", exec["open"]?["exchange"]?.string ?? ""]).output
            #expect(page.contains("code 3"))
            for line in ["> stdin  typed", "< stdout typed", "< stderr no"] { #expect(page.contains(line), "\(page)") }
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func aTerminalSessionIsRecordedWithItsSize() async throws {
            let gateway = try await Self.start()
            let result = try await RunningProgram.run(
                "\(gateway.environment.programs)/byline",
                [
                    "run", "--", "python3", Self.script("terminal.py"), "132x43", "echo ${0}here; exit 7",
                    gateway.environment.kubectl, "exec", "-it", Self.pod, "--", "sh",
                ], environment: gateway.clientEnvironment)
            #expect(result.code == 7)
            let exec = try await gateway.closedExchange(subresource: "exec")
            #expect(exec["close"]?["stream"]?["exit"] == ["code": 7])
            #expect(GatewayUnderTest.channel("resize", "request", of: exec) != nil)
            let page = try await gateway.byline(["show", exec["open"]?["exchange"]?.string ?? ""]).output
            for part in ["132 × 43", "the terminal showed", "shhere\n", "typed\n  echo ${0}here; exit 7"] {
                #expect(page.contains(part), "\(page)")
            }
            let shown = try await gateway.byline(
                ["show", exec["open"]?["exchange"]?.string ?? "", "--channel", "stdout"])
            // kubectl says what became of the command on the same terminal.
            #expect(!shown.output.isEmpty && result.output.contains(shown.output))
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func manyBytesEachWayReadBackAsBothEndsSawThem() async throws {
            let gateway = try await Self.start()
            let file = try Self.randomFile(in: gateway.folder, megabytes: 20)
            let local = try await Self.digest(ofFile: file)
            let result = try await RunningProgram.run(
                "\(gateway.environment.programs)/byline",
                [
                    "run", "--", "/bin/bash", "-c",
                    "set -o pipefail; \"$0\" exec -i \(Self.pod) -- tee /tmp/there < \"$1\" | sha256sum",
                    gateway.environment.kubectl, file,
                ], environment: gateway.clientEnvironment)
            #expect(result.output.hasPrefix(local), "\(result.error)")
            let there = try await gateway.direct(["exec", Self.pod, "--", "sha256sum", "/tmp/there"])
            #expect(there.output.hasPrefix(local))
            let exec = try await gateway.closedExchange(subresource: "exec")
            #expect(try await gateway.digest(of: exec, "stdin", "request") == local, "\(exec)")
            #expect(try await gateway.digest(of: exec, "stdout", "response") == local)
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func copiesBothWaysAreListedAsTheArchivesThatTheyAre() async throws {
            let gateway = try await Self.start()
            let folder = "\(gateway.folder.path)/things"
            try FileManager.default.createDirectory(atPath: "\(folder)/deep", withIntermediateDirectories: true)
            _ = try await gateway.direct(["exec", Self.pod, "--", "rm", "-rf", "/tmp/copied"])
            let files = ["a.txt": "alpha\n", "deep/b.bin": String(repeating: "b", count: 100_000), "deep/empty": ""]
            for (name, text) in files {
                try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            for (arguments, channel, direction) in [
                (["cp", folder, "\(Self.pod):/tmp/copied"], "stdin", "request"),
                (["cp", "\(Self.pod):/tmp/copied", "\(folder)-back"], "stdout", "response"),
            ] {
                let copied = try await gateway.kubectl(arguments)
                #expect(copied.code == 0, "\(copied.error)")
                let exec = try await gateway.closedExchange(subresource: "exec")
                let shown = try await gateway.byline(["show", exec["open"]?["exchange"]?.string ?? "", "-o", "json"])
                let archive = try #require(try JSON(parsing: shown.output)["archives"]?.array?.first)
                #expect(archive["channel"]?.string == channel && archive["direction"]?.string == direction)
                #expect(archive["damage"] == nil)
                let members = archive["members"]?.array ?? []
                #expect(members.count { $0["kind"] == "file" } == files.count)
                for (name, text) in files {
                    let member = members.first { $0["path"]?.string?.hasSuffix("/\(name)") == true }
                    #expect(member?["size"]?.integer == text.utf8.count)
                    #expect(member?["sha256"]?.string == Self.digest(of: text))
                }
            }
            #expect(try String(contentsOfFile: "\(folder)-back/a.txt", encoding: .utf8) == "alpha\n")
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test(arguments: ["v4.channel.k8s.io", "base64.channel.k8s.io"])
        func aHeaderOfTheCallersChangesNothing(subprotocol: String) async throws {
            let gateway = try await Self.start()
            let file = try Self.randomFile(in: gateway.folder, megabytes: 20)
            let path = "/api/v1/namespaces/default/pods/\(Self.pod)/exec"
            let seen = try await Self.webSocket(
                gateway, path, command: ["sh", "-c", "head -c 20971520 | tee /tmp/x; echo done >&2"], subprotocol,
                header: "Kubectl-Command: kubectl cp", input: file)
            let exec = try await gateway.closedExchange(subresource: "exec")
            #expect(exec["close"]?["stream"]?["protocol"]?.string == subprotocol)
            #expect(seen["stdout"]?["sha256"]?.string == (try await Self.digest(ofFile: file)))
            #expect(try await gateway.digest(of: exec, "stdin", "request") == Self.digest(ofFile: file))
            for channel in ["stdout", "stderr"] {
                #expect(
                    try await gateway.digest(of: exec, channel, "response") == seen[channel]?["sha256"]?.string)
            }
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func anUpgradeThroughAPodsProxyIsReadByWhatWasAgreedUpon() async throws {
            let gateway = try await Self.start()
            let answer =
                "HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n"
                + "Sec-WebSocket-Protocol: v4.channel.k8s.io\\r\\n\\r\\n"
            let frames = "\\202\\004\\001hi\\n" + "\\202\\025\\003{\"status\":\"Success\"}"
            _ = try await gateway.direct([
                "exec", Self.pod, "--", "sh", "-c",
                "(printf '\(answer)\(frames)'; sleep 2) | nc -l -p 9001 >/dev/null 2>&1 &",
            ])
            let path = "/api/v1/namespaces/default/pods/\(Self.pod):9001/proxy/anything"
            let seen = try await Self.webSocket(gateway, path, command: [], "v4.channel.k8s.io")
            #expect(seen["stdout"]?["text"] == "hi\n")
            let exchange = try await gateway.closedExchange(subresource: "proxy")
            #expect(exchange["close"]?["stream"]?["exit"] == ["code": 0])
            #expect(try await gateway.digest(of: exchange, "stdout", "response") == Self.digest(of: "hi\n"))
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func whatRunsThroughANodesProxyIsRecorded() async throws {
            let gateway = try await Self.start()
            let path =
                "/api/v1/nodes/\(try await Self.node(gateway))/proxy/run/default/\(Self.pod)/c?cmd=echo+back+door"
            let run = try await gateway.kubectl(["create", "--raw", path, "-f", "/dev/null"])
            #expect(run.output == "back door\n", "\(run.error)")
            let session = try #require(try await gateway.sessions().first)
            let exchange = try #require(try await gateway.exchanges(ofSession: session).last)
            #expect(exchange["open"]?["requestInfo"]?["subresource"] == "proxy")
            #expect(try await gateway.digest(of: exchange, "body", "response") == Self.digest(of: "back door\n"))
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func aPortForwardedThroughANodesProxyIsReadAsOne() async throws {
            let gateway = try await Self.start()
            _ = try await gateway.direct([
                "exec", Self.pod, "--", "sh", "-c",
                "mkdir -p /other; echo by the node > /other/index.html; httpd -p 8081 -h /other 2>/dev/null; true",
            ])
            let node = try await Self.node(gateway)
            let talk = """
                python3 "$0" "$1" "$2" port-forward pod/\(Self.pod) :8081 > forward.txt & forward=$!
                for try in $(seq 100); do grep -q "from 127" forward.txt && break; sleep 0.1; done
                curl -s --noproxy '*' "http://127.0.0.1:$(sed -n 's/.*127.0.0.1:\\([0-9]*\\) .*/\\1/p' forward.txt)/"
                kill $forward
                """
            let seen = try await Self.throughProxy(
                gateway,
                [
                    "bash", "-c", "cd \(gateway.folder.path)\n\(talk)", Self.script("by_node.py"), node,
                    gateway.environment.kubectl,
                ],
                extra: ["KUBECTL_PORT_FORWARD_WEBSOCKETS": "false"])
            #expect(seen.output == "by the node\n", "\(seen.error)")
            let exchange = try await gateway.closedExchange(subresource: "proxy")
            let name = exchange["close"]?["stream"]?["channels"]?.array?.compactMap { $0["channel"]?.string }.first {
                $0.hasPrefix("port/8081/") && $0.hasSuffix("/data")
            }
            let id = exchange["open"]?["exchange"]?.string ?? ""
            let bytes = try await gateway.byline(["show", id, "--response", "--channel", try #require(name)]).output
            #expect(bytes.hasSuffix("by the node\n"))
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func anAttachIsRecordedByChannel() async throws {
            let gateway = try await Self.start()
            let attach = try RunningProgram(
                "\(gateway.environment.programs)/byline",
                ["run", "--", gateway.environment.kubectl, "attach", Self.pod],
                environment: gateway.clientEnvironment)
            #expect(await attach.prints { $0.split(separator: "\n").count >= 3 })
            attach.signal(SIGTERM)
            _ = await attach.result()
            let exchange = try await gateway.closedExchange(subresource: "attach")
            let id = exchange["open"]?["exchange"]?.string ?? ""
            let output = try await gateway.byline(["show", id, "--channel", "stdout"]).output
            #expect(output.split(separator: "\n").count >= 3 && output.hasPrefix("line "))
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        @Test func aForwardedPortIsRecordedPerConnection() async throws {
            let gateway = try await Self.start()
            let exec = try await gateway.direct([
                "exec", Self.pod, "--", "sh", "-c",
                "mkdir -p /www; head -c 3000000 /dev/urandom > /www/file; httpd -p 8080 -h /www 2>/dev/null; sha256sum < /www/file",
            ])
            let digest = String(exec.output.prefix { $0 != " " })
            let forward = try RunningProgram(
                "\(gateway.environment.programs)/byline",
                ["run", "--", gateway.environment.kubectl, "port-forward", "pod/\(Self.pod)", ":8080"],
                environment: gateway.clientEnvironment)
            #expect(await forward.prints { $0.contains("Forwarding from 127.0.0.1:") })
            let port = forward.printed.components(separatedBy: "127.0.0.1:").last?.prefix { $0.isNumber } ?? ""
            for connection in 0..<2 {
                let page = try await RunningProgram.run(
                    "/bin/bash",
                    [
                        "-c", "curl -s --noproxy '*' http://127.0.0.1:\(port)/file | tee \"$0\" | sha256sum",
                        "\(gateway.folder.path)/got\(connection)",
                    ], environment: gateway.clientEnvironment)
                #expect(page.output.hasPrefix(digest))
            }
            forward.signal(SIGTERM)
            _ = await forward.result()
            let exchange = try await gateway.closedExchange(subresource: "portforward")
            let channels = (exchange["close"]?["stream"]?["channels"]?.array ?? []).filter {
                $0["direction"] == "response" && $0["channel"]?.string?.hasSuffix("/data") == true
            }
            #expect(channels.count == 2)
            for channel in channels {
                let name = channel["channel"]?.string ?? ""
                #expect(name.hasPrefix("port/8080/"))
                let body = try await RunningProgram.run(
                    "/bin/bash",
                    [
                        "-c", "\"$0\" show \"$1\" --response --channel \"$2\" | tail -c 3000000 | sha256sum",
                        "\(gateway.environment.programs)/byline", exchange["open"]?["exchange"]?.string ?? "", name,
                    ], environment: gateway.clientEnvironment)
                #expect(body.output.hasPrefix(digest))
                #expect(try await gateway.digest(of: exchange, name, "response") == channel["sha256"]?.string)
            }
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        /// In frames that nobody can read here a secret is overwritten in its place.
        @Test(arguments: [("hello", "hello"), ("hello password=Kiesel4711 end", "hello password=********** end")])
        func whatCannotBeReadIsRecordedRawAndSaidSo(said: String, shown: String) async throws {
            let gateway = try await Self.start()
            let answer =
                "HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: chat\\r\\n\\r\\n\(said)"
            _ = try await gateway.direct([
                "exec", Self.pod, "--", "sh", "-c", "(printf '\(answer)'; sleep 2) | nc -l -p 9000 >/dev/null 2>&1 &",
            ])
            let path = "/api/v1/namespaces/default/pods/\(Self.pod):9000/proxy/talk"
            let request = "GET \(path) HTTP/1.1\\r\\nHost: x\\r\\nConnection: Upgrade\\r\\nUpgrade: chat\\r\\n\\r\\n"
            let seen = try await Self.throughProxy(
                gateway,
                [
                    "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT; printf '\(request)' >&3; timeout 10 cat <&3",
                ])
            #expect(seen.output.hasSuffix("\r\n\r\n\(shown)"))
            let exchange = try await gateway.closedExchange(subresource: "proxy")
            #expect(exchange["close"]?["stream"]?["undecoded"]?["response"] == "unknownProtocol")
            #expect(try await gateway.digest(of: exchange, "raw", "response") == Self.digest(of: shown))
            #expect(try await gateway.stopAndCheck()["problems"] == [])
        }

        // MARK: parts

        private static func start() async throws -> GatewayUnderTest {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let manifest = StreamTestsNeedsNode.manifest.replacing("\"streams\"", with: "\"\(pod)\"")
            _ = try await gateway.direct(["apply", "-f", "-"], input: Data(manifest.utf8))
            let ready = try await gateway.direct(["wait", "--for=condition=Ready", "pod/\(pod)", "--timeout=60s"])
            #expect(ready.code == 0, "\(ready.error)")
            return gateway
        }

        private static func node(_ gateway: GatewayUnderTest) async throws -> String {
            let names = try await gateway.direct(["get", "nodes", "-o", "name"]).output
            return try #require(names.split(whereSeparator: { "/\n".contains($0) }).last.map(String.init))
        }

        private static func script(_ name: String) -> String {
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Environment/streams/\(name)").path
        }

        /// Runs a command while kubectl proxy serves the gateway's cluster at $PORT.
        private static func throughProxy(
            _ gateway: GatewayUnderTest, _ command: [String], extra: [String: String] = [:]
        ) async throws -> RunningProgram.Result {
            try await RunningProgram.run(
                "\(gateway.environment.programs)/byline",
                ["run", "--", script("proxied.sh"), gateway.environment.kubectl] + command,
                environment: gateway.clientEnvironment.merging(extra) { _, new in new })
        }

        /// What a command's channels brought through a WebSocket, by the name of each.
        private static func webSocket(
            _ gateway: GatewayUnderTest, _ path: String, command: [String], _ subprotocol: String,
            header: String? = nil, input: String? = nil
        ) async throws -> JSON {
            let fields =
                ["stdin", "stdout", "stderr"].dropFirst(input == nil ? 1 : 0).map { "\($0)=1" }
                + command.map { "command=\(PercentEncoding.encode($0))" }
            var arguments = ["\(path)?\(fields.joined(separator: "&"))", "--protocol", subprotocol]
            if let header { arguments += ["--header", header] }
            if let input { arguments += ["--stdin", input] }
            let result = try await throughProxy(gateway, ["python3", script("session.py")] + arguments)
            #expect(result.code == 0, "\(result.error)")
            return try JSON(parsing: result.output)
        }

        private static func randomFile(in folder: TemporaryFolder, megabytes: Int) throws -> String {
            var generator = SystemRandomNumberGenerator()
            let words = (0..<megabytes << 17).map { _ in generator.next() as UInt64 }
            let path = "\(folder.path)/random"
            try words.withUnsafeBytes { Data($0) }.write(to: URL(filePath: path))
            return path
        }

        private static func digest(ofFile path: String) async throws -> String {
            let result = try await RunningProgram.run("/usr/bin/sha256sum", [path], environment: [:])
            return String(result.output.prefix { $0 != " " })
        }

        private static func digest(of text: String) -> String {
            HexDigits.lower(SHA256.hash(data: Data(text.utf8)))
        }
    }
}
