import Foundation
import LocalState
import TestSupport
import Testing
import Vocabulary

extension EndToEnd {
    @Suite(.serialized) struct CustomResourceTests {
        private static let path = "/clusters/test/apis/masking.example/v1/namespaces/default/vaults/first"
        private static let definition = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: vaults.masking.example}
            spec:
              group: masking.example
              scope: Namespaced
              names: {plural: vaults, singular: vault, kind: Vault, listKind: VaultList}
              versions:
              - name: v1
                served: true
                storage: true
                additionalPrinterColumns: [{name: Pin, type: string, jsonPath: .spec.pin}]
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        properties:
                          pin: {type: string, format: password}
                          note: {type: string}
            """
        private static let vault = """
            {apiVersion: masking.example/v1, kind: Vault, metadata: {name: first, namespace: default}, \
            spec: {pin: "4711", note: "4711 again"}}
            """

        /// A gateway's that may get vaults and nothing else.
        private static let account = """
            {apiVersion: v1, kind: Namespace, metadata: {name: vaults}}
            ---
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: gw, namespace: vaults}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: vaults}
            rules: [{apiGroups: [masking.example], resources: [vaults], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: vaults}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: vaults}
            subjects: [{kind: ServiceAccount, name: gw, namespace: vaults}]
            """

        private static let roleAccount = """
            {apiVersion: v1, kind: Namespace, metadata: {name: role}}
            ---
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: gw, namespace: role}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: role}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: byline-gateway}
            subjects: [{kind: ServiceAccount, name: gw, namespace: role}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: vault-readers}
            rules: [{apiGroups: [masking.example], resources: [vaults], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: vault-readers}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: vault-readers}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: vault-readers}]
            """

        @Test func whatTheClusterCallsAPasswordIsMasked() async throws {
            let gateway = try await start()
            try await makeVault(gateway)
            let token = try gateway.token("alice")
            let answer = try await gateway.send("GET", Self.path, token: token)
            #expect(answer.status == 200)
            let spec = try JSON(parsing: answer.body)["spec"]
            #expect(spec?["pin"]?.string?.hasPrefix("byline:masked:") == true, "\(answer.body)")
            #expect(spec?["note"]?.string == "4711 again")
            let closes = try await gateway.recorded().compactMap { $0["close"] }
            #expect("\(closes)".contains("password-format"))
            let table = try await gateway.send(
                "GET", Self.path, token: token, headers: ["accept: application/json;as=Table;v=v1;g=meta.k8s.io"])
            let cells = try JSON(parsing: table.body)["rows"]?.array?.first?["cells"]?.array ?? []
            #expect(cells.count == 2 && cells.allSatisfy { $0.string?.hasPrefix("byline:masked:") == true }, "\(cells)")
            // An aggregated API has no definition.
            let metrics = "/clusters/test/apis/metrics.k8s.io/v1beta1/pods"
            #expect(try await gateway.send("GET", metrics, token: token).status == 404)
            await gateway.stop()
        }

        @Test func aDefinitionThatCannotBeReadIsSaidAndNothingPasses() async throws {
            let admin = try await start()
            try await makeVault(admin)
            #expect(try await apply(admin, Self.account))
            let folder = try TemporaryFolder()
            let kubeconfig = try await kubeconfig(ofAccountIn: "vaults", admin, folder)
            await admin.stop()

            let asking = try await start(kubeconfig: kubeconfig)
            let refused = try await asking.send("GET", Self.path, token: asking.token("alice"))
            #expect(refused.status == 503)
            #expect(refused.body.contains("the CustomResourceDefinition vaults.masking.example cannot be read"))
            #expect(!refused.body.contains("4711"))
            await asking.stop()
            let told = try await start(more: "masking: {customResourceDefinitions: []}", kubeconfig: kubeconfig)
            let passed = try await told.send("GET", Self.path, token: told.token("alice"))
            #expect(passed.status == 200 && passed.body.contains("4711"))
            await told.stop()
        }

        /// The role that the README gives a gateway lets it say all of a byline and read definitions.
        @Test func theRoleThatTheREADMEGivesIsEnough() async throws {
            let readme = try String(
                contentsOf: URL(filePath: #filePath).appending(path: "../../../README.md").standardized, encoding: .utf8
            )
            let role = try #require(
                readme.components(separatedBy: "```").first { $0.contains("name: byline-gateway}") })
            let admin = try await start()
            try await makeVault(admin)
            #expect(try await apply(admin, String(role.dropFirst("yaml\n".count)) + "\n---\n" + Self.roleAccount))
            let folder = try TemporaryFolder()
            let kubeconfig = try await kubeconfig(ofAccountIn: "role", admin, folder)
            await admin.stop()
            let gateway = try await start(kubeconfig: kubeconfig, impersonate: "caller")
            let said = Byline.Field.allCases.filter { $0 != .promptDigest }.map { "\($0.rawValue)=x" }
            let digest = "\(Byline.Field.promptDigest.rawValue)=sha256:\(String(repeating: "0", count: 64))"
            let answer = try await gateway.send(
                "GET", Self.path, token: gateway.token("alice", groups: ["vault-readers"]),
                headers: ["baggage: \((said + [digest]).joined(separator: ","))"])
            #expect(answer.status == 200, "\(answer.body)")
            #expect(answer.body.contains("byline:masked:"))
            // The cluster's own rules decide for whom the gateway speaks.
            let other = try await gateway.send("GET", Self.path, token: gateway.token("bob"))
            #expect(other.status == 403 && other.body.contains("bob"))
            await gateway.stop()
        }

        private func start(
            more: String = "", kubeconfig: String? = nil, impersonate: String = "none"
        ) async throws -> ServedGatewayUnderTest {
            try await ServedGatewayUnderTest.start(
                EndToEnd.environment(), more: more, kubeconfig: kubeconfig, impersonate: impersonate)
        }

        /// Writes the kubeconfig of a ServiceAccount `gw`, and gives its path.
        private func kubeconfig(
            ofAccountIn namespace: String, _ admin: ServedGatewayUnderTest, _ folder: TemporaryFolder
        ) async throws -> String {
            let made = try await admin.direct(["-n", namespace, "create", "token", "gw", "--duration", "10m"])
            let token = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(!token.isEmpty, "\(made.error)")
            let text = try EndToEnd.environment().gatewayKubeconfig(withUser: "{token: \(token)}")
            let path = "\(folder.path)/kubeconfig"
            try PrivateFile.replaceAtomically(path, with: Array(text.utf8))
            return path
        }

        private func makeVault(_ gateway: ServedGatewayUnderTest) async throws {
            #expect(try await apply(gateway, Self.definition))
            // What is defined is served a moment later.
            #expect(try await eventually { try await apply(gateway, Self.vault) })
        }

        private func apply(_ gateway: ServedGatewayUnderTest, _ text: String) async throws -> Bool {
            let file = "\(gateway.folder.path)/manifest.yaml"
            try PrivateFile.replaceAtomically(file, with: Array(text.utf8))
            return try await gateway.direct(["apply", "-f", file]).code == 0
        }
    }
}
