import Authentication
import Foundation
import LocalState
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// The gateway of a configuration file.
    @Suite struct ServeTests {
        private static let pods = "/clusters/test/api/v1/namespaces/default/pods"

        @Test func aValidChangeTakesEffectAndAnInvalidOneDoesNot() async throws {
            let gateway = try await ServedGatewayUnderTest.start(EndToEnd.environment())
            let token = try gateway.token("alice")
            #expect(try await gateway.send("GET", Self.pods, token: token).status == 200)
            try gateway.edit("effect: allow", "effect: deny")
            gateway.signal(SIGHUP)
            #expect(try await eventually { try await gateway.send("GET", Self.pods, token: token).status == 403 })
            try gateway.edit("effect: deny", "effect: perhaps")
            gateway.signal(SIGHUP)
            #expect(try await eventually { gateway.log().contains("must be one of allow, deny") })
            #expect(try await gateway.send("GET", Self.pods, token: token).status == 403)
            // Without a signal: the change of the file is noticed.
            try gateway.edit("effect: perhaps", "effect: allow")
            #expect(try await eventually { try await gateway.send("GET", Self.pods, token: token).status == 200 })
            let end = await gateway.stop()
            #expect(end.code == 0)
            #expect(end.output.contains("the journal is closed"))
        }

        @Test func aServiceAccountsTokenIsProofAndTheBylineDecides() async throws {
            let rules = """
                  - name: agents
                    effect: allow
                    subjects: {groups: ["system:serviceaccounts:agents"]}
                    resources: [pods]
                    verbs: [list]
                    byline: {require: [model, prompt.id]}
                """
            let gateway = try await ServedGatewayUnderTest.start(EndToEnd.environment(), rules: rules)
            try await direct(gateway, ["create", "namespace", "agents"])
            try await direct(gateway, ["-n", "agents", "create", "serviceaccount", "runner"])
            let token = try await direct(
                gateway, ["-n", "agents", "create", "token", "runner", "--audience", "byline", "--duration", "10m"]
            ).trimmingCharacters(in: .whitespacesAndNewlines)
            let bare = try await gateway.send("GET", Self.pods, token: token)
            #expect(bare.status == 403)
            #expect(
                bare.body.contains(
                    #"rule \"agents\" would allow it with model in the byline, and prompt.id in the byline"#))
            let tagged = try await gateway.send(
                "GET", Self.pods, token: token, headers: ["baggage: gen_ai.request.model=m-1,prompt.id=p-1"])
            #expect(tagged.status == 200)
            let wrongAudience = try await direct(gateway, ["-n", "agents", "create", "token", "runner"])
                .trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(try await gateway.send("GET", Self.pods, token: wrongAudience).status == 403)
            let opens = try await gateway.recorded().compactMap { $0["open"] }
            #expect(opens.allSatisfy { $0["identity"]?["username"] == "system:serviceaccount:agents:runner" })
            #expect(opens.compactMap { $0["decision"]?["rule"]?.string } == ["agents", "no-match"] || opens.count == 2)
            await gateway.stop()
        }

        @Test func anAttestedFieldIsToldFromAnAssertedOne() async throws {
            let rules = "  - {name: signed, effect: allow, byline: {attested: [prompt.id]}}"
            let gateway = try await ServedGatewayUnderTest.start(EndToEnd.environment(), rules: rules)
            let token = try gateway.token("alice")
            let said = ["baggage: prompt.id=p-1,gen_ai.request.model=m-1"]
            let asserted = try await gateway.send("GET", Self.pods, token: token, headers: said)
            #expect(asserted.status == 403)
            #expect(asserted.body.contains("prompt.id attested by a trusted key"))
            let attestation = "Byline-Attestation: \(try gateway.attestation(["prompt.id": "p-1", "sub": "alice"]))"
            let signed = try await gateway.send("GET", Self.pods, token: token, headers: said + [attestation])
            #expect(signed.status == 200)
            let other = "Byline-Attestation: \(try gateway.attestation(["prompt.id": "p-2", "sub": "alice"]))"
            let contradiction = try await gateway.send("GET", Self.pods, token: token, headers: said + [other])
            #expect(contradiction.status == 400)
            let old =
                "Byline-Attestation: \(try gateway.attestation(["prompt.id": "p-1", "sub": "alice"], lifetime: -60))"
            #expect(try await gateway.send("GET", Self.pods, token: token, headers: said + [old]).status == 400)
            let byline = try await gateway.recorded().first { $0["open"]?["decision"]?["effect"] == "allow" }?["open"]?[
                "byline"]
            #expect(byline?["prompt.id"]?["trust"] == "attested")
            #expect(byline?["gen_ai.request.model"]?["trust"] == "asserted")
            await gateway.stop()
        }

        @Test func anExecPluginsTokenIsUsedAndRenewedBeforeItEnds() async throws {
            let environment = try EndToEnd.environment()
            let folder = try TemporaryFolder()
            let bare = try await ServedGatewayUnderTest.start(environment)
            try await direct(bare, ["create", "namespace", "plugin"])
            try await direct(bare, ["-n", "plugin", "create", "serviceaccount", "gw"])
            try await direct(
                bare, ["create", "clusterrolebinding", "plugin-gw", "--clusterrole=view", "--serviceaccount=plugin:gw"])
            await bare.stop()
            let plugin = """
                #!/bin/sh
                echo run >> \(folder.path)/runs
                token=$(\(environment.kubectl) --kubeconfig \(environment.kubeconfig) -n plugin create token gw)
                end=$(date -u -d '+63 seconds' +%Y-%m-%dT%H:%M:%SZ)
                printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"%s"}}' "$token" "$end"
                """
            try PrivateFile.replaceAtomically("\(folder.path)/plugin", with: Array(plugin.utf8), mode: 0o700)
            let user = """
                {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}}
                """
            let kubeconfig = try environment.gatewayKubeconfig(withUser: user)
            try PrivateFile.replaceAtomically("\(folder.path)/kubeconfig", with: Array(kubeconfig.utf8))
            let gateway = try await ServedGatewayUnderTest.start(environment, kubeconfig: "\(folder.path)/kubeconfig")
            let token = try gateway.token("alice")
            #expect(try await eventually { try await gateway.send("GET", Self.pods, token: token).status == 200 })
            // 63 s of life and a margin of 60: a new one is due 3 s after the first.
            #expect(
                try await eventually {
                    let runs = try String(contentsOfFile: "\(folder.path)/runs", encoding: .utf8)
                    return runs.split(separator: "\n").count >= 2
                })
            #expect(try await gateway.send("GET", Self.pods, token: token).status == 200)
            await gateway.stop()
        }

        @Test func aBoundSessionTokenIsOfNoUseWithoutItsCertificate() async throws {
            let gateway = try await ServedGatewayUnderTest.start(
                EndToEnd.environment(), more: "sessionTokens: {boundToCertificate: required}",
                tls: ", clientAuthorityFile: clients.crt", clientAuthority: true)
            let client = ["--cert", "\(gateway.folder.path)/client.crt", "--key", "\(gateway.folder.path)/client.key"]
            let form = [
                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token=\(try gateway.token("alice"))",
                "subject_token_type=urn:ietf:params:oauth:token-type:jwt",
            ].joined(separator: "&")
            let without = try await gateway.send("POST", "/byline/v1/token", token: nil, body: form)
            #expect(without.status == 400)
            let answer = try await gateway.send("POST", "/byline/v1/token", token: nil, body: form, options: client)
            let bound = try #require(try JSON(parsing: answer.body)["access_token"]?.string)
            #expect(try await gateway.send("GET", Self.pods, token: bound, options: client).status == 200)
            let overHTTP1 = client + ["--http1.1"]
            #expect(try await gateway.send("GET", Self.pods, token: bound, options: overHTTP1).status == 200)
            let stolen = try await gateway.send("GET", Self.pods, token: bound)
            #expect(stolen.status == 403)
            #expect(stolen.body.contains("bound to a client certificate"))
            await gateway.stop()
        }

        @Test func whoAsksTooMuchIsToldWhenToComeBack() async throws {
            let gateway = try await ServedGatewayUnderTest.start(
                EndToEnd.environment(), more: "limits: {perIdentity: {requestsPerSecond: 1, burst: 3}}")
            let token = try gateway.token("alice")
            var statuses: [Int] = []
            var last: ServedGatewayUnderTest.Answer?
            for _ in 0..<6 {
                let answer = try await gateway.send("GET", Self.pods, token: token)
                statuses.append(answer.status)
                if answer.status == 429 { last = answer }
            }
            #expect(statuses.prefix(3) == [200, 200, 200])
            #expect(statuses.contains(429))
            #expect(last?.headers.lowercased().contains("retry-after: 1") == true)
            // Another person is not held up.
            #expect(try await gateway.send("GET", Self.pods, token: gateway.token("bob")).status == 200)
            await gateway.stop()
        }

        @Test func slowRequestsAreEndedAndWatchesAreNot() async throws {
            let gateway = try await ServedGatewayUnderTest.start(
                EndToEnd.environment(),
                more: "limits: {requestHeaderTimeout: 1s, requestBodyTimeout: 1s, idleTimeout: 2s}")
            let token = try gateway.token("alice")
            let script = try PythonClient.script(gateway)
            let watch = try RunningProgram(
                "/usr/bin/curl",
                [
                    "--silent", "--no-buffer", "--noproxy", "*", "--cacert", "\(gateway.folder.path)/ca.crt",
                    "--header",
                    "@\(try PythonClient.header(token, in: gateway.folder))",
                    "\(gateway.url)/clusters/test/api/v1/namespaces/default/configmaps?watch=1",
                ], environment: [:])
            let slow = try await RunningProgram.run(
                "/usr/bin/env", ["python3", script, token], environment: ["PATH": "/usr/bin:/bin"])
            #expect(
                slow.output == "nothing sent: closed\nhalf a head: closed\nhalf a body: 408\nidle: closed\n",
                "\(slow.error)")
            #expect(kill(watch.pid, 0) == 0)
            let name = "watched-\(UInt32.random(in: 0...UInt32.max))"
            try await direct(gateway, ["create", "configmap", name])
            #expect(await watch.prints { $0.contains(name) })
            // Started from a thread that blocks signals, curl blocks them too.
            watch.signal(SIGKILL)
            _ = await watch.result()
            await gateway.stop()
        }

        @Test func saysHowItIsAndCountsWhatItDoes() async throws {
            let gateway = try await ServedGatewayUnderTest.start(EndToEnd.environment())
            #expect(try await eventually { try await gateway.monitor("/readyz").status == 200 })
            let ready = try await gateway.monitor("/readyz").body
            for part in ["[+]recorder ok", "[+]issuer https://issuer.example ok", "[+]cluster test ok"] {
                #expect(ready.contains(part), "\(ready)")
            }
            let token = try gateway.token("alice")
            _ = try await gateway.send("GET", Self.pods, token: token)
            _ = try await gateway.send("GET", "/clusters/test/apis/evil.example/v1/inventedbyanagent", token: token)
            _ = try await gateway.send("GET", Self.pods, token: "not-a-token")
            let metrics = try await gateway.monitor("/metrics").body
            #expect(
                metrics.contains(
                    #"byline_exchanges_total{cluster="test",verb="list",resource="pods",code="200",decision="allow"} 1"#
                ),
                "\(metrics)")
            #expect(metrics.contains(#"resource="other",code="404""#))
            #expect(!metrics.contains("inventedbyanagent"))
            #expect(metrics.contains(#"byline_refusals_total{cause="authentication"} 1"#))
            #expect(metrics.hasSuffix("# EOF\n") || metrics.hasSuffix("# EOF"))
            #expect(!gateway.log().contains("not-a-token"))
            #expect(try await gateway.monitor("/livez").body.contains("ok"))
            await gateway.stop()
        }

        @Test(arguments: ["--http1.1", "--http2"])
        func answersHeadWithoutABodyAndAtOnce(version: String) async throws {
            let gateway = try await ServedGatewayUnderTest.start(EndToEnd.environment())
            for (path, status) in [("/byline/v1/sessions", 401), ("/nothing/here", 404)] {
                let answer = try await gateway.send(
                    "HEAD", path, token: nil, options: ["--head", "--max-time", "20", version])
                #expect(answer.status == status)
                #expect(!answer.body.contains("curl:"), "\(answer.body)")
            }
            await gateway.stop()
        }

        @Test func onlyAuditorsReadTheRecord() async throws {
            let gateway = try await ServedGatewayUnderTest.start(EndToEnd.environment())
            #expect(try await gateway.send("GET", "/byline/v1/sessions", token: gateway.token("alice")).status == 403)
            #expect(try await gateway.send("GET", "/byline/v1/sessions", token: gateway.token("auditor")).status == 200)
            #expect(try await gateway.send("GET", "/byline/v1/sessions", token: nil).status == 401)
            await gateway.stop()
        }

        @discardableResult
        private func direct(_ gateway: ServedGatewayUnderTest, _ arguments: [String]) async throws -> String {
            let result = try await gateway.direct(arguments)
            #expect(result.code == 0 || result.error.contains("already exists"), "\(result.error)")
            return result.output
        }
    }

    /// A caller that takes its time.
    private enum PythonClient {
        static func header(_ token: String, in folder: TemporaryFolder) throws -> String {
            let path = "\(folder.path)/header-\(UUID().uuidString)"
            try PrivateFile.replaceAtomically(path, with: Array("Authorization: Bearer \(token)\n".utf8))
            return path
        }

        static func script(_ gateway: ServedGatewayUnderTest) throws -> String {
            let text = """
                import socket, ssl, sys
                context = ssl.create_default_context(cafile="\(gateway.folder.path)/ca.crt")
                head = "POST /clusters/test/api/v1/namespaces/default/configmaps HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer " + sys.argv[1] + "\\r\\n"

                def connect():
                    connection = context.wrap_socket(socket.create_connection(("127.0.0.1", \(gateway.port))), server_hostname="127.0.0.1")
                    connection.settimeout(10)
                    return connection

                def answer(connection):
                    try:
                        data = connection.recv(4096)
                    except (ConnectionError, ssl.SSLError):
                        data = b""
                    return data.split()[1].decode() if data else "closed"

                print("nothing sent:", answer(connect()))
                half = connect()
                half.sendall(head.encode()[:40])
                print("half a head:", answer(half))
                body = connect()
                body.sendall((head + "Content-Type: application/json\\r\\nContent-Length: 100\\r\\n\\r\\n{").encode())
                print("half a body:", answer(body))
                idle = connect()
                idle.sendall(head.replace("POST", "GET").encode() + b"\\r\\n")
                idle.recv(1)
                while True:
                    try:
                        if not idle.recv(1 << 16):
                            break
                    except (ConnectionError, ssl.SSLError):
                        break
                print("idle: closed")
                """
            let path = "\(gateway.folder.path)/slow.py"
            try PrivateFile.replaceAtomically(path, with: Array(text.utf8))
            return path
        }
    }
}
