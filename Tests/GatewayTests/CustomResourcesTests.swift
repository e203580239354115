import KubernetesWire
import Testing

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
}
