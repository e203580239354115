import Foundation
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    /// `byline kubectl` in front of the real kubectl, with a namespace of its own.
    @Suite struct WrapperTests {
        private static let app =
            "# mine\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a  # its name\ndata: {x: z}\n"

        /// A gateway, a namespace and a folder with manifests; and what is said in the client's environment.
        private struct Place {
            let gateway: GatewayUnderTest
            let namespace: String
            var folder: String { gateway.folder.path }

            static func make() async throws -> Place {
                let gateway = try await GatewayUnderTest.start(EndToEnd.environment())
                let place = Place(gateway: gateway, namespace: "wrapper-\(UInt32.random(in: 0...UInt32.max))")
                #expect(try await gateway.direct(["create", "namespace", place.namespace]).code == 0)
                try place.write("app.yaml", app)
                return place
            }

            func write(_ name: String, _ text: String) throws {
                let path = "\(folder)/\(name)"
                try FileManager.default.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            }

            func environment(_ kubectl: String?) -> [String: String] {
                var variables = gateway.clientEnvironment
                variables["BYLINE_KUBECTL"] = kubectl ?? gateway.environment.kubectl
                variables["BYLINE_MODEL"] = "model-1"
                variables["BYLINE_PROMPT_ID"] = "prompt-1"
                return variables
            }

            func kubectl(
                _ arguments: String..., input: String? = nil, real: String? = nil
            ) async throws -> RunningProgram.Result {
                // A shell, since names are resolved from the folder that a person is in.
                let program = "\(gateway.environment.programs)/byline"
                return try await RunningProgram.run(
                    "/bin/sh",
                    ["-c", "cd \"$0\" && exec \"$@\"", folder, program, "kubectl", "-n", namespace] + arguments,
                    environment: environment(real), input: input.map { Data($0.utf8) })
            }

            func annotations(of name: String) async throws -> JSON? {
                let result = try await gateway.direct(["-n", namespace, "get", "configmap", name, "-o", "json"])
                return try JSON(parsing: result.output)["metadata"]?["annotations"]
            }

            func end() async throws {
                _ = try await gateway.direct(["delete", "namespace", namespace, "--wait=false"])
                await gateway.stop()
                // Neither a manifest nor a kubeconfig is left behind.
                let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
                    $0.hasPrefix("byline-")
                }
                #expect(left == [])
            }
        }

        @Test func annotatesWhatEachWayOfNamingNames() async throws {
            let place = try await Place.make()
            try place.write("k8s/b.yaml", Self.app.replacing("name: a", with: "name: b"))
            try place.write("k8s/sub/c.yaml", Self.app.replacing("name: a", with: "name: c"))
            try place.write("d,1.yaml", Self.app.replacing("name: a", with: "name: d"))
            try place.write("kustomization/app.yaml", Self.app)
            try place.write("kustomization/kustomization.yaml", "resources: [app.yaml]\nnamePrefix: k-\n")
            let kubectls = [
                place.gateway.environment.kubectl, ProcessInfo.processInfo.environment["BYLINE_TEST_KUBECTL_OLDER"],
            ]
            for real in kubectls.compactMap({ $0 }) {
                let applied = try await place.kubectl(
                    "apply", "-f", "app.yaml,\"d,1.yaml\"", "--filename=k*s", "-R", real: real)
                #expect(applied.output.contains("configmap/a ") && applied.code == 0, "\(applied.error)")
                #expect(try await place.kubectl("apply", "-k", "kustomization", real: real).code == 0)
                let input = Self.app.replacing("name: a", with: "name: e")
                #expect(try await place.kubectl("create", "-f", "-", input: input, real: real).code == 0)
                #expect(try await place.kubectl("replace", "--force", "-f", "k8s/b.yaml", real: real).code == 0)
                #expect(
                    try await place.kubectl("apply", "--server-side", "-f", "app.yaml", "--force-conflicts", real: real)
                        .code
                        == 0)
                for name in ["a", "b", "c", "d", "e", "k-a"] {
                    let annotations = try await place.annotations(of: name)
                    #expect(annotations?["byline.dev/model"] == "model-1", "\(name)")
                    #expect(annotations?["byline.dev/prompt-id"] == "prompt-1", "\(name)")
                    #expect(annotations?["byline.dev/session-id"]?.string?.isEmpty == false, "\(name)")
                }
                #expect(
                    try await place.gateway.direct(["-n", place.namespace, "delete", "configmaps", "--all"]).code == 0)
            }
            try await place.end()
        }

        @Test func kubectlsErrorsNameThePersonsFiles() async throws {
            let place = try await Place.make()
            try place.write("bad.yaml", Self.app.replacing("{x: z}", with: "{x: 1}"))
            let bad = try await place.kubectl("create", "--validate=false", "-f", "bad.yaml")
            #expect(bad.code == 1)
            #expect(bad.error.contains("error when creating \"bad.yaml\": "), "\(bad.error)")
            let input = try await place.kubectl(
                "apply", "-f", "-", input: "apiVersion: v1\nkind: Nope\nmetadata: {name: n}\n")
            #expect(input.error.contains("from \"STDIN\""), "\(input.error)")
            let missing = try await place.kubectl("apply", "-f", "missing.yaml")
            #expect(missing.error == "error: the path \"missing.yaml\" does not exist\n")
            try await place.end()
        }

        @Test func refusesWhatCannotBeAnnotatedAndSendsItOnRequest() async throws {
            let place = try await Place.make()
            try place.write("shared.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: s}\nx: *m\n")
            let refused = try await place.kubectl("create", "--validate=false", "-f", "app.yaml", "-f", "shared.yaml")
            #expect(refused.code == 1)
            #expect(refused.error.contains("\nshared.yaml:3:11: metadata is anchored as &m"), "\(refused.error)")
            #expect(try await place.annotations(of: "a") == nil)
            let program = "\(place.gateway.environment.programs)/byline"
            let sent = try await RunningProgram.run(
                program,
                [
                    "kubectl", "--annotate=off", "-n", place.namespace, "create", "--validate=false", "-f",
                    "\(place.folder)/shared.yaml",
                ], environment: place.environment(nil))
            #expect(sent.code == 0, "\(sent.error)")
            #expect(try await place.annotations(of: "s") == nil)
            try await place.end()
        }

        @Test func findsTheRealKubectlBehindItselfAndServesARunThatItIsPartOf() async throws {
            let place = try await Place.make()
            let manager = FileManager.default
            for folder in ["first", "second", "third"] {
                try manager.createDirectory(atPath: "\(place.folder)/\(folder)", withIntermediateDirectories: false)
            }
            let program = "\(place.gateway.environment.programs)/byline"
            try manager.createSymbolicLink(atPath: "\(place.folder)/first/kubectl", withDestinationPath: program)
            try manager.copyItem(atPath: program, toPath: "\(place.folder)/second/kubectl")
            try manager.createSymbolicLink(
                atPath: "\(place.folder)/third/kubectl", withDestinationPath: place.gateway.environment.kubectl)
            var variables = place.environment(nil)
            variables["BYLINE_KUBECTL"] = nil
            let own = ["first", "second", "third"].map { "\(place.folder)/\($0)" }.joined(separator: ":")
            variables["PATH"] = "\(own):\(variables["PATH"] ?? "/usr/bin:/bin")"
            let script =
                "cd \(place.folder) && kubectl version --client && kubectl -n \(place.namespace) apply -f app.yaml"
            let alone = try await RunningProgram.run("/bin/sh", ["-c", script], environment: variables)
            #expect(
                alone.output.contains("Client Version") && alone.output.contains("configmap/a created"),
                "\(alone.error)")
            let sessions = try await place.gateway.sessions().count
            let inRun = try await RunningProgram.run(
                program, ["run", "--model", "model-of-run", "--", "sh", "-c", "\(script); \(script)"],
                environment: variables)
            #expect(inRun.code == 0, "\(inRun.error)")
            #expect(try await place.annotations(of: "a")?["byline.dev/model"] == "model-of-run")
            #expect(try await place.gateway.sessions().count == sessions + 1)
            try await place.end()
        }

        @Test func leavesNothingBehindWhenItIsKilled() async throws {
            let place = try await Place.make()
            let script = "#!/bin/sh\necho $$ \"$@\"; exec sleep 60\n"
            try place.write("kubectl", script)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(place.folder)/kubectl")
            let wrapper = try RunningProgram(
                "\(place.gateway.environment.programs)/byline", ["kubectl", "apply", "-f", "\(place.folder)/app.yaml"],
                environment: place.environment("\(place.folder)/kubectl"))
            #expect(await wrapper.prints { $0.contains("--filename=/dev/./fd/./") })
            wrapper.signal(SIGKILL)
            _ = await wrapper.result()
            let holders = try await eventually {
                let pid = Int32(wrapper.printed.split(separator: " ").first ?? "") ?? 0
                if pid > 0 { kill(pid, SIGKILL) }
                return pid > 0 && kill(pid, 0) != 0
            }
            #expect(holders)
            let enumerator = FileManager.default.enumerator(atPath: place.folder)
            while let path = enumerator?.nextObject() as? String { #expect(!path.hasSuffix("/manifest")) }
            await place.gateway.stop()
        }

        @Test func annotatesFilesInPlaceAndChecksThem() async throws {
            let place = try await Place.make()
            let said = ["--model", "m", "--agent", "a b"]
            func annotate(_ arguments: String..., input: String? = nil) async throws -> RunningProgram.Result {
                try await place.gateway.byline(["annotate"] + said + arguments, input: input.map { Data($0.utf8) })
            }
            let expected = Self.app.replacing(
                "  name: a",
                with: "  annotations:\n    byline.dev/model: \"m\"\n    byline.dev/agent: \"a b\"\n  name: a")
            #expect(try await annotate(input: Self.app).output == expected)
            try place.write("k8s/app.yaml", Self.app)
            let folder = "\(place.folder)/k8s"
            #expect(try await annotate("-f", folder, "--check").code == 1)
            let written = try await annotate("-f", folder, "-o", folder)
            #expect(written.output == "\(folder)/app.yaml\n" && written.code == 0)
            #expect(try String(contentsOfFile: "\(folder)/app.yaml", encoding: .utf8) == expected)
            #expect(try await annotate("-f", folder, "-o", folder).output == "")
            #expect(try await annotate("-f", folder, "--check").code == 0)
            #expect(try await annotate("-f", "\(place.folder)/nothing").code == 1)
            #expect(try await annotate("-o", folder).code == 2)
            try await place.end()
        }
    }
}
