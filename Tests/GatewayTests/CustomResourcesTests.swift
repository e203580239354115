import KubernetesWire
import Masking
import Testing

@testable import Forwarding
@testable import Gateway

@Suite struct CustomResourcesTests {
    private func definition(_ path: String) throws -> String? {
        CustomResources.definition(of: try RequestInfo(method: "GET", target: RequestTarget(path)))
    }

    @Test func onlyWhatADefinitionCanDescribeIsAskedFor() throws {
        let named = "vaults.masking.example"
        #expect(try definition("/apis/masking.example/v1/namespaces/n/vaults/first/status") == named)
        #expect(try definition("/apis/masking.example/v1/watch/vaults") == named)
        #expect(try definition("/apis/gateway.networking.k8s.io/v1/gateways") == "gateways.gateway.networking.k8s.io")
        for own in ["/api/v1/pods", "/apis/apps/v1/deployments", "/apis/rbac.authorization.k8s.io/v1/roles"] {
            #expect(try definition(own) == nil, "\(own)")
        }
        for none in ["/apis/masking.example/v1", "/version", "/apis/Masking.example/v1/vaults", "/apis/a.b/v1/v_s"] {
            #expect(try definition(none) == nil, "\(none)")
        }
        #expect(try definition("/apis/masking.example/v1/" + String(repeating: "v", count: 250)) == nil)
    }

    private static let definition = """
        {"kind":"CustomResourceDefinition","metadata":{"name":"vaults.masking.example"},"spec":{"group":"masking.example",\
        "names":{"plural":"vaults"},"versions":[{"name":"v1","schema":{"openAPIV3Schema":{"properties":{"spec":{"properties":\
        {"pin":{"type":"string","format":"password"}}}}}}}]}}
        """

    /// How many password fields there are; nil where the answer is not believed.
    private func fields(_ status: Int, _ body: String, isWhole: Bool = true) -> Int? {
        let answer = ProbeAnswer(status: status, body: Array(body.utf8), isWhole: isWhole)
        return try? CustomResources.judge(answer, to: "vaults.masking.example").get().passwordFields.count
    }

    @Test func onlyTheDefinitionItselfOrItsAbsenceIsBelieved() {
        let absent = #"{"kind":"Status","reason":"NotFound","details":{"name":"vaults.masking.example"},"code":404}"#
        #expect(fields(200, Self.definition) == 1)
        #expect(fields(404, absent) == 0)
        // A part of it, another one, two of them, a page that asks to sign in, nothing.
        #expect(fields(200, Self.definition, isWhole: false) == nil)
        for body in [
            Self.definition.replacing("vaults\"", with: "boxes\""), "\(Self.definition)\n---\n\(Self.definition)",
            "<html>Sign in</html>", "{}", "", absent,
        ] { #expect(fields(200, body) == nil, "\(body)") }
        // An API server without the group, a proxy that does not know the path.
        for body in ["404 page not found", "", absent.replacing("vaults", with: "boxes")] {
            #expect(fields(404, body) == nil, "\(body)")
        }
        for status in [301, 401, 403, 429, 500, 503] { #expect(fields(status, Self.definition) == nil) }
    }
}
