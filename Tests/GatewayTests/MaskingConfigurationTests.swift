import Foundation
import KubernetesWire
import NIOCore
import TestSupport
import Testing

@testable import Gateway
@testable import Masking

/// The configuration's section `masking`.
@Suite struct MaskingConfigurationTests {
    private func read(_ masking: String, definitions: String = "") throws -> MaskingConfiguration {
        let folder = try TemporaryFolder()
        try Data(definitions.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/crds.yaml"))
        let file = "\(folder.path)/gateway.yaml"
        let text = """
            apiVersion: byline.dev/v1
            kind: Gateway
            listen: {address: "127.0.0.1:8443", url: "https://127.0.0.1:8443", tls: {certificateFile: server.crt, keyFile: server.key}}
            state: state
            issuers: [{url: "https://issuer.example", audiences: [byline]}]
            clusters: [{name: prod, kubeconfig: {file: prod.kubeconfig}}]
            policy: {rules: [{name: all, effect: allow}]}
            masking:
            \(masking)

            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return try GatewayConfiguration.read(file).masking
    }

    private func faults(_ masking: String) -> String {
        do { return "\(try read(masking))" } catch { return "\(error)" }
    }

    private func masked(_ text: String, _ masking: MaskingConfiguration, _ path: String) throws -> String {
        let policy = MaskingPolicy(masking, keys: try MaskKeys(file: MaskKeys.generateFile()))
        let request = try RequestInfo(method: "GET", target: RequestTarget(path))
        var masker = try policy.plan(for: request, cluster: "c", session: "s").responseMasker(
            contentType: "application/json", contentEncoding: nil)
        let pieces = [try masker.consume(ByteBuffer(string: text)), try masker.finish()]
        return pieces.map { String(buffer: $0.delivered.bytes) }.joined()
    }

    @Test func anOperatorNamesWhatConnects() throws {
        let connecting = try read("  connectSubresources: [widgets.example.com/shell]\n").connecting
        #expect(connecting.contains(apiGroup: "example.com", resource: "widgets", subresource: "shell"))
        #expect(connecting.contains(apiGroup: "", resource: "pods", subresource: "exec"))
        #expect(!connecting.contains(apiGroup: "example.com", resource: "widgets", subresource: "log"))
        #expect(faults("  connectSubresources: [widgets]\n").contains("connectSubresources"))
    }

    @Test func anOperatorsDetectorAndFieldMaskAndAnExceptionLetsPass() throws {
        let rules = try read(
            """
              detectors:
              - {name: acme-token, prefix: acme_, characters: hex, length: 8-12}
              fields:
              - {name: widget-pin, apiGroup: example.com, resource: widgets, path: ".spec.users[*].pin"}
              exceptions:
              - {rules: [acme-token], resources: [configmaps], namespaces: [open]}
            """)
        let body = #"{"spec":{"users":[{"pin":1234}],"pin":"77"},"note":"acme_0123abcd"}"#
        let widget = try masked(body, rules, "/apis/example.com/v1/namespaces/n/widgets/w")
        #expect(!widget.contains("1234") && widget.contains(#""pin":"77""#) && !widget.contains("acme_"))
        let elsewhere = try masked(body, rules, "/apis/other.example/v1/namespaces/n/widgets/w")
        #expect(elsewhere.contains("1234"))
        #expect(try masked(body, rules, "/api/v1/namespaces/open/configmaps/c").contains("acme_0123abcd"))
        #expect(try !masked(body, rules, "/api/v1/namespaces/shut/configmaps/c").contains("acme_0123abcd"))
    }

    @Test(arguments: [false, true]) func whatACustomResourcesSchemaCallsAPasswordIsMasked(isList: Bool) throws {
        let definition = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            spec:
              group: example.com
              names: {plural: widgets}
              versions:
              - name: v1
                schema:
                  openAPIV3Schema:
                    properties:
                      spec:
                        properties:
                          pin: {type: string, format: password}
                          "it's a [pin]": {type: string, format: password}
                          users: {type: array, items: {properties: {"the.word": {type: string, format: password}}}}
                          named: {additionalProperties: {anyOf: [{format: password}, {type: integer}]}}
                          note: {type: string, format: date}
            """
        let nested = definition.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n").dropFirst()
        let rules = try read(
            "  customResourceDefinitions: [crds.yaml]",
            definitions: isList ? "kind: List\nitems:\n-\(nested)\n" : "kind: ConfigMap\n---\n\(definition)\n")
        let body =
            #"{"spec":{"pin":"one-1","it's a [pin]":"six-6","users":[{"the.word":"two-2"}],"named":{"a":"three-3"},"note":"four-4"},"pin":"five-5"}"#
        let masked = try masked(body, rules, "/apis/example.com/v1/namespaces/n/widgets/w")
        for word in ["one-1", "two-2", "three-3", "six-6"] { #expect(!masked.contains(word), "\(masked)") }
        for word in ["four-4", "five-5"] { #expect(masked.contains(word), "\(masked)") }
        #expect(try self.masked(body, rules, "/apis/other.example/v1/namespaces/n/widgets/w") == body)
    }

    @Test(arguments: [
        (".spec.pin", true), (".spec", true), (".spec.pins[0]", true), (".spec.pins[?(@.x==1)].y", true),
        (".status", false),
        (".spec.pinned", false), (".metadata.creationTimestamp", false),
    ])
    func theCellsOfATableThatShowsAPasswordAreMasked(column: String, isMasked: Bool) throws {
        let definition = """
            spec:
              group: example.com
              names: {plural: widgets}
              versions:
              - name: v1
                additionalPrinterColumns: [{name: Shown, type: string, jsonPath: "\(column)"}]
                schema:
                  openAPIV3Schema:
                    properties:
                      spec:
                        properties:
                          pin: {type: string, format: password}
                          pins: {type: array, items: {properties: {y: {type: string, format: password}}}}
            """
        let rules = try read("  customResourceDefinitions: [crds.yaml]", definitions: definition)
        let table = #"{"kind":"Table","rows":[{"cells":["w","one-1"],"object":{"metadata":{"name":"w"}}}]}"#
        let masked = try masked(table, rules, "/apis/example.com/v1/namespaces/n/widgets")
        #expect(masked.contains("one-1") != isMasked, "\(masked)")
        #expect(masked.contains(#""name":"w""#))
    }

    @Test func everyRuleIsLeftOutWhereAllAreExcepted() throws {
        let rules = try read("  exceptions: [{rules: [\"*\"], namespaces: [open]}]")
        let body = #"{"data":{"password":"aHVudGVyMg=="},"note":"password=hunter22"}"#
        #expect(try masked(body, rules, "/api/v1/namespaces/open/secrets/s") == body)
        #expect(try masked(body, rules, "/api/v1/namespaces/shut/secrets/s") != body)
    }

    @Test func copiesAreDeniedUnlessTheyMayPass() throws {
        #expect(try read("  exceptions: []").copies == .deny)
        #expect(try read("  copies: deny").copies == .deny)
        #expect(try read("  copies: pass").copies == .pass)
        #expect(faults("  copies: sometimes").contains("one of pass, deny"))
    }

    @Test func whatIsWrongIsSaidWithItsPlace() {
        for (masking, sentence) in [
            ("  detectors: [{name: a, prefix: ab, length: 3}]", "three visible ASCII characters or more"),
            ("  detectors: [{name: a, prefix: abc, length: 9-3}]", "a length such as 40, or a range such as 20-40"),
            ("  detectors: [{name: a, prefix: abc, length: 9, characters: runes}]", "one of digits, hex"),
            ("  detectors: [{name: jwt, prefix: abc, length: 9}]", "jwt"),
            ("  fields: [{name: f, resource: widgets, path: \"a b[\"}]", "a path such as .spec.users[*].pin"),
            ("  fields: [{name: f, path: \".spec.a\"}]", "resource"),
            ("  exceptions: [{rules: [jtw]}]", "jwt"), ("  exceptions: [{resources: [pods]}]", "rules"),
            ("  customResourceDefinitions: [absent.yaml]", "absent.yaml cannot be used"),
            ("  sealTo: [something]", "byline-gateway keys generate auditor"), ("  masks: {}", "masks"),
        ] {
            let said = faults(masking)
            #expect(said.contains("gateway.yaml:9:") || said.contains("gateway.yaml:8:"), "\(said)")
            #expect(said.contains(sentence), "\(masking): \(said)")
        }
    }
}
