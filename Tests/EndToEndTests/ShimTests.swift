import Foundation
import LocalState
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// `byline shim`, and what others on the machine get from it.
    @Suite struct ShimTests {
        /// A gateway, a shim of its client, and the shim's kubeconfig taken apart.
        private struct Served {
            let gateway: GatewayUnderTest
            let shim: RunningProgram
            let kubeconfig: String
            let address: String
            let bearer: String
            let authority: String

            /// Sends a request with curl; headers go through a file.
            func send(_ headers: [String], _ options: [String] = [], path: String = "/api/v1/namespaces") async throws
                -> (status: Int, body: String)
            {
                let name = "\(gateway.folder.path)/\(UUID().uuidString)"
                let lines = headers.map { "header = \"\($0)\"" }.joined(separator: "\n")
                try PrivateFile.replaceAtomically(name, with: Array(lines.utf8), mode: 0o644)
                let result = try await RunningProgram.run(
                    "/usr/bin/env",
                    options.filter { !$0.hasPrefix("--") && !$0.hasPrefix("-X") } + [
                        "curl", "--silent", "--noproxy", "*", "--cacert", authority, "--config", name, "--write-out",
                        "\n%{http_code}",
                    ] + options.filter { $0.hasPrefix("--") || $0.hasPrefix("-X") } + ["https://\(address)\(path)"],
                    environment: ["PATH": "/usr/bin:/bin"])
                let lines2 = result.output.split(separator: "\n", omittingEmptySubsequences: false)
                return (lines2.last.flatMap { Int($0) } ?? 0, lines2.dropLast().joined(separator: "\n"))
            }

            func kubectl(_ arguments: [String], _ more: [String: String] = [:]) async throws -> RunningProgram.Result {
                var variables = gateway.clientEnvironment
                variables["KUBECONFIG"] = kubeconfig
                variables.merge(more) { _, new in new }
                return try await RunningProgram.run(
                    gateway.environment.kubectl, arguments, environment: variables)
            }

            func stop() async {
                shim.signal(SIGTERM)
                _ = await shim.result()
                await gateway.stop()
            }
        }

        private func serve(_ options: [String] = []) async throws -> Served {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let kubeconfig = "\(gateway.folder.path)/shim.kubeconfig"
            let shim = try RunningProgram(
                "\(gateway.environment.programs)/byline",
                ["shim", "--kubeconfig", kubeconfig, "--model", "m"] + options,
                environment: gateway.clientEnvironment)
            #expect(await shim.prints { $0.contains("KUBECONFIG=\(kubeconfig)") }, "\(shim.saidOnError)")
            let text = String(decoding: try PrivateFile.read(kubeconfig), as: UTF8.self)
            func value(_ name: String) throws -> String {
                let line = try #require(text.split(separator: "\n").first { $0.contains("\(name): ") })
                return line.split(separator: " ").last.map(String.init)?.replacing("\"", with: "") ?? ""
            }
            let authority = "\(gateway.folder.path)/shim.crt"
            let pem = try #require(Data(base64Encoded: try value("certificate-authority-data")))
            try PrivateFile.replaceAtomically(authority, with: Array(pem), mode: 0o644)
            let address = try value("server").replacing("https://", with: "")
            return Served(
                gateway: gateway, shim: shim, kubeconfig: kubeconfig, address: address, bearer: try value("token"),
                authority: authority)
        }

        @Test func eachProcessIsTaggedWithItsOwnContext() async throws {
            let served = try await serve()
            #expect(try await served.kubectl(["get", "--raw", "/version"], ["BYLINE_PROMPT_ID": "p-1"]).code == 0)
            #expect(try await served.kubectl(["get", "--raw", "/version"], ["CODEX_THREAD_ID": "t-9"]).code == 0)
            var bylines: [JSON] = []
            for session in try await served.gateway.sessions() {
                bylines += try await served.gateway.exchanges(ofSession: session).compactMap { $0["open"]?["byline"] }
            }
            let prompts = bylines.compactMap { $0["prompt.id"]?["value"]?.string }
            #expect(prompts == ["p-1"])
            let codex = bylines.filter { $0["gen_ai.conversation.id"]?["value"] == "t-9" }
            #expect(codex.count == 1)
            #expect(codex.first?["gen_ai.agent.name"]?["value"] == "codex")
            #expect(bylines.allSatisfy { $0["gen_ai.request.model"]?["value"] == "m" })
            await served.stop()
            #expect(!FileManager.default.fileExists(atPath: served.kubeconfig))
        }

        @Test func aWrongBearerOrNoneGetsNothing() async throws {
            let served = try await serve()
            #expect(try await served.send(["Authorization: Bearer \(served.bearer)"]).status == 200)
            for headers in [[], ["Authorization: Bearer wrong"], ["Authorization: Basic \(served.bearer)"]] {
                let answer = try await served.send(headers)
                #expect(answer.status == 401)
                #expect(!answer.body.contains("kube-system"))
            }
            await served.stop()
        }

        @Test func aWrongHostGetsNothing() async throws {
            let served = try await serve()
            let port = served.address.split(separator: ":").last ?? ""
            for host in ["localhost:\(port)", "127.0.0.1", "[::1]:\(port)", "evil.example:\(port)", ""] {
                let answer = try await served.send(["Authorization: Bearer \(served.bearer)", "Host: \(host)"])
                #expect(answer.status == 403 || answer.status == 400, "\(host)")
                #expect(!answer.body.contains("kube-system"))
            }
            await served.stop()
        }

        @Test func aPageWhoseNameWasBoundToThisMachineGetsNothing() async throws {
            let served = try await serve()
            let port = served.address.split(separator: ":").last ?? ""
            let page = ["Host: evil.example:\(port)", "Origin: https://evil.example:\(port)"]
            let bearer = "Authorization: Bearer \(served.bearer)"
            let preflight = ["Access-Control-Request-Method: GET", "Access-Control-Request-Headers: authorization"]
            for headers in [
                page, page + [bearer], ["Origin: https://evil.example", bearer], ["Origin: null", bearer],
            ] {
                let answer = try await served.send(headers)
                #expect(answer.status == 403)
                #expect(!answer.body.contains("kube-system"))
            }
            let asked = try await served.send(page + preflight, ["-XOPTIONS", "--include"])
            #expect(asked.status == 403)
            #expect(!asked.body.lowercased().contains("access-control-allow"))
            await served.stop()
        }

        @Test(.enabled(if: geteuid() == 0, "needs root, to be another user"))
        func anotherUsersProcessGetsNothingEvenWithTheBearer() async throws {
            let served = try await serve()
            _ = chmod(served.gateway.folder.path, 0o755)
            let answer = try await served.send(
                ["Authorization: Bearer \(served.bearer)"],
                ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"].map { $0 })
            #expect(answer.status == 403 || answer.status == 0)
            #expect(!answer.body.contains("kube-system"))
            await served.stop()
        }

        @Test func aGatewayThatIsDownIsNamedAndFoundAgain() async throws {
            let served = try await serve()
            #expect(try await served.kubectl(["get", "namespaces"]).code == 0)
            await served.gateway.stop()
            let started = ContinuousClock.now
            let failed = try await served.kubectl(["get", "--raw", "/api/v1/namespaces"])
            #expect(failed.code == 1)
            #expect(failed.error.contains("byline: \(served.gateway.url) cannot be reached"))
            #expect(ContinuousClock.now - started < .seconds(15))
            let body = try await served.send(["Authorization: Bearer \(served.bearer)"])
            #expect(body.status == 503)
            #expect(try JSON(parsing: body.body)["kind"] == "Status")
            served.shim.signal(SIGTERM)
            _ = await served.shim.result()
        }

        @Test func aShimThatIsStartedAgainOnItsPortIsKnownByTheSameKubeconfig() async throws {
            let port = try BoundSocket(host: "127.0.0.1", port: 0).port
            let served = try await serve(["--port", "\(port)"])
            let before = try PrivateFile.read(served.kubeconfig)
            served.shim.signal(SIGTERM)
            #expect(await served.shim.result().code == 0)
            #expect(try PrivateFile.read(served.kubeconfig) == before)
            let again = try RunningProgram(
                "\(served.gateway.environment.programs)/byline",
                ["shim", "--kubeconfig", served.kubeconfig, "--port", "\(port)"],
                environment: served.gateway.clientEnvironment)
            #expect(await again.prints { $0.contains("KUBECONFIG=") })
            #expect(try PrivateFile.read(served.kubeconfig) == before)
            #expect(try await served.kubectl(["get", "--raw", "/version"]).code == 0)
            let second = try await served.gateway.byline(["shim", "--kubeconfig", served.kubeconfig])
            #expect(second.error.contains("another byline shim serves"))
            again.signal(SIGTERM)
            _ = await again.result()
            await served.gateway.stop()
        }

        @Test func aKubeconfigOfSomebodyElseIsLeftAlone() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let path = "\(gateway.folder.path)/mine"
            try PrivateFile.replaceAtomically(path, with: Array("apiVersion: v1\n".utf8))
            let result = try await gateway.byline(["shim", "--kubeconfig", path])
            #expect(result.code == 1)
            #expect(result.error.contains("is not a kubeconfig that byline made"))
            #expect(try PrivateFile.read(path) == Array("apiVersion: v1\n".utf8))
            await gateway.stop()
        }

        @Test func systemdsSocketIsServed() async throws {
            let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
            let port = try BoundSocket(host: "127.0.0.1", port: 0).port
            let kubeconfig = "\(gateway.folder.path)/activated"
            let script = """
                import os, socket, sys
                s = socket.socket(); s.bind(("127.0.0.1", \(port))); s.listen(64)
                os.dup2(s.fileno(), 3); os.set_inheritable(3, True)
                os.environ["LISTEN_PID"] = str(os.getpid()); os.environ["LISTEN_FDS"] = "1"
                os.execv(sys.argv[1], [sys.argv[1], "shim", "--kubeconfig", sys.argv[2]])
                """
            let shim = try RunningProgram(
                "/usr/bin/python3", ["-c", script, "\(gateway.environment.programs)/byline", kubeconfig],
                environment: gateway.clientEnvironment)
            #expect(await shim.prints { $0.contains("KUBECONFIG=") }, "\(shim.saidOnError)")
            var variables = gateway.clientEnvironment
            variables["KUBECONFIG"] = kubeconfig
            let got = try await RunningProgram.run(
                gateway.environment.kubectl, ["get", "--raw", "/version"], environment: variables)
            #expect(got.code == 0, "\(got.error)")
            shim.signal(SIGTERM)
            _ = await shim.result()
            #expect(shim.saidOnError.contains("127.0.0.1:\(port)"))
            await gateway.stop()
        }
    }
}
