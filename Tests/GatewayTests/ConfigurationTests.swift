import Authentication
import Authorization
import Foundation
import KubernetesWire
import Recording
import TestSupport
import Testing
import Vocabulary

@testable import Gateway

@Suite struct ConfigurationTests {
    private static let complete = """
        apiVersion: byline.dev/v1
        kind: Gateway
        listen:
          address: 127.0.0.1:8443
          url: https://127.0.0.1:8443/
          tls: {certificateFile: server.crt, keyFile: server.key}
        state: state
        issuers:
        - url: https://issuer.example
          audiences: [byline]
        clusters:
        - name: prod
          kubeconfig: {file: prod.kubeconfig}
        policy:
          rules:
          - {name: all, effect: allow}
        """

    private func read(_ text: String) throws -> GatewayConfiguration {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/gateway.yaml"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return try GatewayConfiguration.read(file)
    }

    /// The faults without the folder in front.
    private func faults(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch let faults as ConfigurationFaults {
            return faults.faults.map { String($0.description.split(separator: "/").last ?? "") }
        } catch { return ["\(error)"] }
    }

    @Test func whatIsNotSaidHasItsDefault() throws {
        let configuration = try read(Self.complete)
        #expect(configuration.listen.url == "https://127.0.0.1:8443")
        #expect(configuration.listen.certificate.value.hasSuffix("/server.crt"))
        #expect(configuration.listen.certificate.value.hasPrefix("/"))
        #expect(configuration.recording.durability == .mutations)
        #expect(configuration.prompts == .digest)
        #expect(configuration.clusters[0].impersonatesCaller)
        #expect(configuration.issuers[0].mapping.reservedNames == .deny)
        #expect(configuration.issuers[0].algorithms == Set(KeySet.algorithms))
        #expect(configuration.auditors == nil)
        #expect(configuration.limits.headerBytes == 80 << 10)
        #expect(configuration.monitoring == nil)
    }

    @Test func whatBecomesOfPromptsIsSaid() throws {
        #expect(try read(Self.complete + "\nrecording: {prompts: asked}\n").prompts == .asked)
        #expect(
            faults(Self.complete + "\nrecording: {prompts: text}\n").contains {
                $0.contains("one of digest, offered, asked")
            })
    }

    @Test func theExampleIsValidAndUncommentedSaysTheDefaults() throws {
        _ = try read(ExampleConfiguration.text)
        // Every key that is commented out is one that can be written.
        let lines = ExampleConfiguration.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let written = lines.map { line -> String in
            guard let mark = line.range(of: #"^\s*# (?=[a-zA-Z-]+:| {0,4}- |  [a-z]+:)"#, options: .regularExpression),
                !line.hasPrefix("# The"), !line.hasPrefix("# Times"), !line.hasPrefix("# files")
            else { return line }
            let indent = line.prefix { $0 == " " }
            return String(indent) + String(line[mark.upperBound...])
        }.joined(separator: "\n")
        let faults = faults(written)
        #expect(!faults.contains { $0.contains("unknown key") }, "\(faults)")
    }

    @Test func everythingThatIsWrongIsToldAtOnceWithItsPlace() {
        let text = Self.complete
            .replacing("address: 127.0.0.1:8443", with: "address: here")
            .replacing("audiences: [byline]", with: "audience: byline")
            .replacing("effect: allow", with: "effect: maybe")
            .replacing("state: state", with: "state: state\nlimits: {headerBytes: 1 MB, perIdentity: {concurrent: 0}}")
        #expect(
            faults(text) == [
                "gateway.yaml:4:12: \"address\" must be HOST:PORT",
                "gateway.yaml:8:23: \"headerBytes\" must be a size such as 64KiB, 1MiB or 2GiB",
                "gateway.yaml:8:55: \"concurrent\" must be a whole number from 1",
                "gateway.yaml:10:3: \"audiences\" is missing",
                "gateway.yaml:11:3: unknown key \"audience\", did you mean \"audiences\"?",
                "gateway.yaml:17:25: \"effect\" must be one of allow, deny",
            ])
    }

    @Test func namesThatMustBeDistinctAre() {
        let text = Self.complete.replacing(
            "  - {name: all, effect: allow}", with: "  - {name: all, effect: allow}\n  - {name: all, effect: deny}")
        #expect(faults(text) == ["gateway.yaml:17:5: a second rule is named \"all\""])
    }

    @Test func anEmptyListIsNoWayToSayEverything() {
        let text = Self.complete.replacing("effect: allow}", with: "effect: allow, namespaces: []}")
        #expect(faults(text).first?.contains("\"namespaces\" is an empty list") == true)
        let auditors = Self.complete + "\nauditors: {}\n"
        #expect(faults(auditors).first?.contains("name users, groups or issuers here") == true)
    }

    @Test func boundTokensNeedAnAuthorityOfClients() {
        #expect(
            faults(Self.complete + "\nsessionTokens: {boundToCertificate: required}\n").first?
                .contains("needs listen.tls.clientAuthorityFile") == true)
    }

    @Test func filesThatCannotBeUsedAreToldAtTheirPlace() async throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/gateway.yaml"
        try Data(Self.complete.utf8).write(to: URL(fileURLWithPath: file))
        try Data("no certificate".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/server.crt"))
        let configuration = try GatewayConfiguration.read(file)
        let faults = await #expect(throws: ConfigurationFaults.self) { try await ConfiguredFiles.read(configuration) }
        let told = faults?.faults.map(\.description) ?? []
        #expect(told.count == 3)
        #expect(told[0].hasPrefix("\(file):6:26: \(folder.path)/server.crt cannot be used: it holds no certificate"))
        #expect(told[1].contains("server.key cannot be used: cannot read"))
        #expect(told[2].contains("prod.kubeconfig"))
    }

    @Test(arguments: [
        ("user=alice groups=a : get pods web -n shop", "get", "pods", "", "shop", "web"),
        ("user=alice : delete namespaces prod", "delete", "namespaces", "", "prod", "prod"),
        ("model=m : create pods/exec web --namespace shop --cluster prod", "create", "pods", "exec", "shop", "web"),
    ])
    func questionsAreWrittenInKubectlsWords(
        _ text: String, _ verb: String, _ resource: String, _ subresource: String, _ namespace: String, _ name: String
    ) throws {
        let prod = try #require(ClusterName("prod"))
        let info = try PolicyQuestion(text, clusters: [prod]).question.requestInfo
        #expect(
            [info.verb, info.resource, info.subresource, info.namespace, info.name] == [
                verb, resource, subresource, namespace, name,
            ])
    }

    /// Whatever is asked of what connects, policy judges a create of it.
    @Test(arguments: [
        ("get virtualmachineinstances.subresources.kubevirt.io/console vm", "create"), ("get pods/exec web", "create"),
        ("get widgets.example.com/shell w", "create"), ("get widgets.example.com/log w", "get"),
    ])
    func questionsKnowWhatConnects(what: String, verb: String) throws {
        let prod = try #require(ClusterName("prod"))
        let shell = try #require(ConnectSubresources.Name("widgets.example.com/shell"))
        let question = try PolicyQuestion(
            "user=a : \(what) -n n", clusters: [prod], connecting: ConnectSubresources(adding: [shell]))
        #expect(question.question.requestInfo.judgedVerb == verb)
    }

    @Test func questionsThatCannotBeReadSayWhy() throws {
        let prod = try #require(ClusterName("prod"))
        for text in ["user=a get pods", "color=red : get pods", "user=a : get", "user=a : get pods --cluster other"] {
            #expect(throws: PolicyQuestion.Fault.self) { try PolicyQuestion(text, clusters: [prod]) }
        }
    }
}
