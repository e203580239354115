import KubernetesWire
import NIOCore
import Testing
import Vocabulary

@testable import Masking

/// What the record gets of requests' bodies.
@Suite struct RequestBodyTests {
    private static let secrets = "/api/v1/namespaces/n/secrets"
    private static let deployments = "/apis/apps/v1/namespaces/n/deployments"

    private func recorded(_ body: [UInt8], _ type: String?, _ path: String) throws -> String {
        var masker = try Support.plan(path).requestMasker(contentType: type)
        var recorded = ByteBuffer()
        for byte in body { recorded.writeImmutableBuffer(try masker.consume(ByteBuffer(bytes: [byte])).recorded.bytes) }
        recorded.writeImmutableBuffer(try masker.finish().recorded.bytes)
        return String(buffer: recorded)
    }

    private func recorded(_ body: String, _ type: String?, _ path: String) throws -> String {
        try recorded(Array(body.utf8), type, path)
    }

    @Test(arguments: [
        "application/yaml", "application/apply-patch+yaml", "text/plain", nil, "application/octet-stream",
    ])
    func aSecretInYAMLIsRecordedMaskedAndOtherwiseAsItCame(type: String?) throws {
        let body = """
            apiVersion: v1
            kind: Secret
            metadata: {name: "ä"}  # a comment
            stringData:
              pin: Kiesel4711
              text: |
                Gong9
                Bach8
              quoted: 'Kiesel4711'
            data: {x: !!binary S2llc2VsNDcxMQ==}
            type: Opaque

            """
        let shown = try recorded(body, type, Self.secrets)
        for secret in ["Kiesel4711", "Gong9", "Bach8", "S2llc2VsNDcxMQ"] { #expect(!shown.contains(secret)) }
        #expect(
            shown.hasPrefix(
                "apiVersion: v1\nkind: Secret\nmetadata: {name: \"ä\"}  # a comment\nstringData:\n  pin: \"\(Mask.prefix)"
            ))
        #expect(shown.hasSuffix("}\ntype: Opaque\n"))
    }

    @Test func anAnchorsValueIsMaskedWhereItStands() throws {
        let body = "metadata: {labels: {a: &x Kiesel4711}}\nstringData: {p: *x}\n"
        #expect(try !recorded(body, "application/yaml", Self.secrets).contains("Kiesel4711"))
    }

    @Test func whatACommentSaysIsMaskedToo() throws {
        let body = "kind: Secret\n# password: Kiesel4711-Gong\ndata: {}\n"
        #expect(try !recorded(body, "application/yaml", Self.secrets).contains("Kiesel4711"))
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/yaml", nil,
    ])
    func jsonIsReadAsJSONWhateverItCallsItself(type: String?) throws {
        let secret = #" {"kind":"Secret","stringData":{"a":"Kiesel4711"}}"#
        #expect(try !recorded(secret, type, Self.secrets).contains("Kiesel4711"))
        let variable = #"{"env":[{"name":"DB_PASSWORD","value":"Kiesel4711x"}]}"#
        #expect(try !recorded(variable, type, Self.deployments).contains("Kiesel4711"))
    }

    @Test func aSecretInProtocolBuffersIsRecordedInJSON() throws {
        func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }
        let entry = field(1, Array("pin".utf8)) + field(2, Array("Kiesel4711".utf8))
        let type = field(1, Array("v1".utf8)) + field(2, Array("Secret".utf8))
        let body = Array("k8s\0".utf8) + field(1, type) + field(2, field(2, entry))
        let shown = try recorded(body, "application/vnd.kubernetes.protobuf", Self.secrets)
        let mask = try #require(try JSON(parsing: shown.trimmed)["data"]?["pin"]?.string)
        #expect(
            mask.contains(Mask.prefix)
                || Base64.decode(mask).map { String(decoding: $0, as: UTF8.self) }?.contains(Mask.prefix) == true)
        // What is not known by its names cannot be told apart.
        let other = field(1, Array("v1".utf8)) + field(2, Array("Elsewhere".utf8))
        let unknown = Array("k8s\0".utf8) + field(1, other) + field(2, field(2, entry))
        #expect(throws: MaskingFault.unreadable) { try recorded(unknown, nil, Self.secrets) }
    }

    @Test func aSecretInCBORIsRecordedInJSON() throws {
        func text(_ text: String) -> [UInt8] { [0x60 + UInt8(text.utf8.count)] + Array(text.utf8) }
        let body: [UInt8] = [0xA1] + text("stringData") + [0xA1] + text("pin") + text("Kiesel4711")
        for bytes in [[0xD9, 0xD9, 0xF7] + body, body] {
            let shown = try recorded(bytes, "application/cbor", Self.secrets)
            #expect(shown.contains(Mask.prefix) && !shown.contains("Kiesel4711"))
        }
        #expect(throws: MaskingFault.unreadable) { try recorded(body.dropLast(), "application/cbor", Self.secrets) }
    }

    @Test(arguments: [
        "a: b\n---\nstringData: {a: Kiesel4711}\n", "x: &x {stringData: {a: b}}\n<<: *x\n", "{\"stringData\":",
        "Kiesel4711", "a: [", "- stringData: {a: Kiesel4711}\n", "a: 1\na: 2\n",
    ])
    func whatCannotBeReadOfWhatHasMaskedFieldsIsRefused(body: String) throws {
        #expect(throws: MaskingFault.self) { try recorded(body, "application/yaml", Self.secrets) }
        #expect(throws: MaskingFault.self) { try recorded(body, "text/plain", Self.secrets) }
    }

    @Test func utf16IsRefusedWhereFieldsAreMasked() throws {
        let body: [UInt8] = [0xFF, 0xFE] + #"{"stringData":{"a":"Kiesel"}}"#.utf8.flatMap { [$0, 0] }
        #expect(throws: MaskingFault.self) { try recorded(body, "application/json", Self.secrets) }
        #expect(throws: MaskingFault.self) { try recorded(body, "application/yaml", Self.secrets) }
    }

    @Test func whatIsNoSecretPassesTheRecordUnchanged() throws {
        for body in ["kind: Deployment\nspec: {replicas: 3}\n", "hello\n", #"{"spec":{"replicas":3}}"#] {
            #expect(try recorded(body, "application/yaml", Self.deployments) == body)
        }
    }

    @Test func aPatchWhosePathTellsIsRecordedWithoutItsValues() throws {
        let patch = #"[{"op":"add","path":"/data/db-password","value":"Kiesel4711"},{"op":"remove","path":"/data/b"}]"#
        let shown = try recorded(patch, "application/json-patch+json", "/api/v1/namespaces/n/configmaps/c")
        #expect(!shown.contains("Kiesel4711") && shown.contains("/data/db-password"))
        let plain = #"[{"op":"replace","path":"/spec/replicas","value":3}]"#
        #expect(try recorded(plain, "application/json-patch+json", Self.deployments + "/d") == plain)
    }
}

extension String {
    fileprivate var trimmed: String { String(self.drop { $0 == "\n" }.reversed().drop { $0 == "\n" }.reversed()) }
}
