import KubernetesWire
import Testing

@testable import Masking

@Suite struct JSONPatchTests {
    private static let secret = "/api/v1/namespaces/n/secrets/s"
    private static let deployment = "/apis/apps/v1/namespaces/n/deployments/d"

    private func fault(_ operations: String, _ path: String, type: String? = nil) throws -> JSONPatch.Fault? {
        try Support.plan(path).fault(
            ofPatch: Array(operations.utf8), contentType: type ?? "application/json-patch+json")
    }

    @Test(arguments: [
        #"[{"op":"copy","from":"/data/value","path":"/metadata/annotations/leak"}]"#,
        #"[{"op":"move","from":"/data/value","path":"/metadata/annotations/leak"}]"#,
        #"[{"op":"copy","from":"/data","path":"/metadata/annotations"}]"#,
        #"[{"op":"copy","from":"","path":"/metadata/annotations/leak"}]"#,
        #"[{"op":"copy","from":"x/data/a~1b","path":"/metadata/annotations/leak"}]"#,
        #"[{"path":"/metadata/annotations/leak","from":"/stringData/x","op":"copy"}]"#,
        #"[{"op":"add","path":"/metadata/labels/a","value":"b"},{"op":"copy","from":"/data/a~0b","path":"/type"}]"#,
        #"[{"op":"copy","from":"/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration","path":"/metadata/annotations/x"}]"#,
        #"[{"op":"copy","from":"/metadata","path":"/metadata/annotations/x"}]"#,
        #"[{"op":"copy","from":"/items/0/data/x","path":"/metadata/annotations/x"}]"#,
    ])
    func whatIsMaskedIsNotCarriedElsewhere(operations: String) throws {
        for type in [nil, "application/json-patch+json; charset=utf-8", "Application/JSON-Patch+JSON ;x=y"] {
            guard case .carries = try fault(operations, Self.secret, type: type) else {
                Issue.record("\(operations) passes")
                continue
            }
        }
        guard case .carries = try fault(operations, Self.secret + "/status") else {
            Issue.record("\(operations) passes as status")
            return
        }
    }

    @Test(arguments: [
        #"[{"op":"test","path":"/data/value","value":"aHVudGVy"}]"#,
        #"[{"op":"test","path":"/data","value":{"value":"aHVudGVy"}}]"#, #"[{"op":"test","path":"","value":{}}]"#,
        #"[{"op":"test","path":"/data/value"}]"#, #"[{"op":"test","path":"/metadata/annotations","value":{}}]"#,
    ])
    func whatIsMaskedIsNotTested(operations: String) throws {
        guard case .tells = try fault(operations, Self.secret) else {
            Issue.record("\(operations) passes")
            return
        }
    }

    @Test(arguments: [
        #"[{"op":"copy","from":"/spec/template/spec/containers/0/env/0/value","path":"/metadata/annotations/x"}]"#,
        #"[{"op":"move","from":"/spec/template/spec/containers/0/args/1","path":"/metadata/annotations/x"}]"#,
        #"[{"op":"copy","from":"/spec/x/password","path":"/metadata/annotations/x"}]"#,
        #"[{"op":"test","path":"/spec/x/password","value":"a"}]"#,
        #"[{"op":"test","path":"/spec/template/spec/containers/0/args/-1","value":"a"}]"#,
        #"[{"op":"test","path":"/spec/x","value":{"password":"Hunter2go"}}]"#,
        #"[{"op":"test","path":"/spec/template/spec/containers/0/env","value":[{"name":"DB_PASSWORD","value":"a7Kz-9qWx"}]}]"#,
        #"[{"op":"replace","path":"/spec/template/spec/containers/0/env/0/name","value":"NOTE"}]"#,
    ])
    func whatIsMaskedForItsNameIsNotShownEither(operations: String) throws {
        #expect(try fault(operations, Self.deployment) != nil)
    }

    @Test(arguments: [
        #"[{"op":"test","path":"/metadata/resourceVersion","value":"12"},{"op":"remove","path":"/metadata/labels/a"}]"#,
        #"[{"op":"test","path":"/spec/replicas","value":1},{"op":"replace","path":"/spec/replicas","value":2}]"#,
        #"[{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"--kubelet-insecure-tls"}]"#,
        #"[{"op":"copy","from":"/metadata/labels/app","path":"/metadata/labels/name"}]"#,
        #"[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"x:2"}]"#,
        #"[{"op":"test","path":"/spec/template/spec/containers/0/name","value":"web"}]"#, "[]",
    ])
    func honestPatchesPass(operations: String) throws {
        #expect(try fault(operations, Self.deployment) == nil)
    }

    @Test func aSecretsOtherFieldsMayBePatched() throws {
        #expect(try fault(#"[{"op":"replace","path":"/data/a","value":"Yg=="}]"#, Self.secret) == nil)
        #expect(try fault(#"[{"op":"test","path":"/type","value":"Opaque"}]"#, Self.secret) == nil)
        #expect(
            try fault(#"[{"op":"copy","from":"/metadata/labels/a","path":"/metadata/labels/b"}]"#, Self.secret) == nil)
    }

    @Test(arguments: [
        "{}", "[1]", #"[{"op":"copy"}]"#, #"[{"op":"add","op":"copy","from":"/data/a","path":"/type"}]"#, "nothing",
        #"[{"op":"COPY","from":"/data/a","path":"/type"}]"#,
    ])
    func whatCannotBeReadIsRefused(operations: String) throws {
        #expect(try fault(operations, Self.secret) == .unreadable)
    }

    @Test func otherPatchesAreNotLookedAt() throws {
        #expect(try fault(#"{"data":{}}"#, Self.secret, type: "application/merge-patch+json") == nil)
    }
}
