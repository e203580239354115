import KubernetesWire
import Testing

@Suite struct RequestInfoTests {
    /// Method, target, then what the API server reads: verb, group, version, namespace, resource, subresource, name.
    static let readings: [(String, String, [String])] = [
        ("GET", "/api/v1/namespaces", ["list", "", "v1", "", "namespaces", "", ""]),
        ("GET", "/api/v1/namespaces/other", ["get", "", "v1", "other", "namespaces", "", "other"]),
        ("GET", "/api/v1/namespaces/other/pods", ["list", "", "v1", "other", "pods", "", ""]),
        ("GET", "/api/v1/namespaces/other/pods/foo", ["get", "", "v1", "other", "pods", "", "foo"]),
        ("HEAD", "/api/v1/namespaces/other/pods/foo", ["get", "", "v1", "other", "pods", "", "foo"]),
        ("GET", "/api/v1/pods", ["list", "", "v1", "", "pods", "", ""]),
        ("GET", "/api/v1/pods?watch=true", ["watch", "", "v1", "", "pods", "", ""]),
        ("GET", "/api/v1/pods?watch", ["watch", "", "v1", "", "pods", "", ""]),
        ("GET", "/api/v1/pods?watch=false", ["list", "", "v1", "", "pods", "", ""]),
        ("GET", "/api/v1/pods?watch=0", ["list", "", "v1", "", "pods", "", ""]),
        (
            "GET", "/api/v1/namespaces/n/pods?fieldSelector=metadata.name%3Dweb&watch=1",
            ["watch", "", "v1", "n", "pods", "", "web"]
        ),
        // fields.ParseSelector: escapes, the terms in their order, a name that a path can hold.
        ("GET", "/api/v1/pods?fieldSelector=metadata.name%3Ddb%5C,x", ["list", "", "v1", "", "pods", "", "db,x"]),
        (
            "GET", "/api/v1/pods?fieldSelector=metadata.name%3D%5C%5Ca%5C%3Db",
            ["list", "", "v1", "", "pods", "", "\\a=b"]
        ),
        ("GET", "/api/v1/pods?fieldSelector=metadata.name%3Ddb%5Cx", ["list", "", "v1", "", "pods", "", ""]),
        ("GET", "/api/v1/pods?fieldSelector=metadata.name%3Da%3Db", ["list", "", "v1", "", "pods", "", ""]),
        ("GET", "/api/v1/pods?fieldSelector=metadata.name%3Ddb,x", ["list", "", "v1", "", "pods", "", ""]),
        ("GET", "/api/v1/pods?fieldSelector=metadata.name!%3Ddb", ["list", "", "v1", "", "pods", "", ""]),
        ("GET", "/api/v1/pods?fieldSelector=x!%3Dmetadata.name%3Ddb", ["list", "", "v1", "", "pods", "", ""]),
        (
            "GET", "/api/v1/pods?fieldSelector=metadata.name%3Db,metadata.name%3D%3Da",
            ["list", "", "v1", "", "pods", "", ""]
        ),
        (
            "GET", "/api/v1/pods?fieldSelector=metadata.name%3Da,metadata.name%3D%3Da",
            ["list", "", "v1", "", "pods", "", "a"]
        ),
        ("GET", "/api/v1/pods?fieldSelector=metadata.name%3Da%2Fb", ["list", "", "v1", "", "pods", "", ""]),
        ("GET", "/api/v1/pods?fieldSelector=a%3D%5C,metadata.name%3Ddb", ["list", "", "v1", "", "pods", "", ""]),
        (
            "DELETE", "/api/v1/pods?fieldSelector=metadata.name%3Ddb",
            ["deletecollection", "", "v1", "", "pods", "", ""]
        ),
        ("GET", "/api/v1/watch/namespaces/other/pods", ["watch", "", "v1", "other", "pods", "", ""]),
        ("GET", "/api/v1/proxy/namespaces/other/pods/foo/x", ["proxy", "", "v1", "other", "pods", "", "foo"]),
        ("POST", "/api/v1/namespaces/other/pods", ["create", "", "v1", "other", "pods", "", ""]),
        ("PUT", "/api/v1/namespaces/other/finalize", ["update", "", "v1", "other", "namespaces", "finalize", "other"]),
        ("DELETE", "/api/v1/namespaces/other/pods", ["deletecollection", "", "v1", "other", "pods", "", ""]),
        ("DELETE", "/api/v1/namespaces/prod", ["delete", "", "v1", "prod", "namespaces", "", "prod"]),
        (
            "PATCH", "/apis/apps/v1/namespaces/n/deployments/d/scale",
            ["patch", "apps", "v1", "n", "deployments", "scale", "d"]
        ),
        ("GET", "/apis/apps/v1/deployments/", ["list", "apps", "v1", "", "deployments", "", ""]),
        ("POST", "/api/v1/namespaces/n/pods/p/exec?command=ls", ["create", "", "v1", "n", "pods", "exec", "p"]),
        ("GET", "/api/v1/nodes/n1/proxy/run/default/p/c?cmd=ls", ["get", "", "v1", "", "nodes", "proxy", "n1"]),
        ("BREW", "/api/v1/pods", ["brew", "", "v1", "", "pods", "", ""]),
    ]

    @Test(arguments: readings) func readsAsTheAPIServerDoes(method: String, target: String, expected: [String]) throws {
        let info = try RequestInfo(method: method, target: RequestTarget(target))
        #expect(info.isResourceRequest)
        #expect(
            [info.verb, info.apiGroup, info.apiVersion, info.namespace, info.resource, info.subresource, info.name]
                == expected)
    }

    @Test(arguments: ["/", "/api", "/api/v1", "/apis/apps/v1", "/version", "/openapi/v3/apis/apps/v1", "/readyz"])
    func pathsThatNameNoResourceKeepTheMethodAsVerb(path: String) throws {
        let info = try RequestInfo(method: "GET", target: RequestTarget(path))
        #expect(!info.isResourceRequest)
        #expect(info.verb == "get")
        #expect(info.path == path)
    }

    @Test(arguments: [
        ("/api/v1/namespaces/../secrets", TargetFault.dotSegment), ("/api/v1/./pods", .dotSegment),
        ("/api//v1/pods", .emptySegment), ("/api/v1/namespaces/a%2fb", .encodedSegment),
        ("/api/v1/namespaces/%2e%2e/pods", .encodedSegment), ("/api/v1/p%6fds", .encodedSegment),
    ])
    func pathsThatCanBeReadInTwoWaysAreRefused(target: String, fault: TargetFault) {
        #expect(throws: fault) { try RequestInfo(method: "GET", target: RequestTarget(target)) }
    }

    @Test func theTailOfAProxySubresourceBelongsToTheProxiedServer() throws {
        let info = try RequestInfo(
            method: "GET", target: RequestTarget("/api/v1/namespaces/n/services/https:web:443/proxy/a//b/%2ex/c%2fd"))
        #expect(info.subresource == "proxy")
        #expect(info.isConnect)
        #expect(throws: TargetFault.encodedSegment) {
            try RequestInfo(method: "GET", target: RequestTarget("/api/v1/namespaces/n/services/a%2fb/proxy/x"))
        }
    }

    @Test(arguments: [
        "/api/v1/nodes/n/proxy/x/../exec/default/p/c", "/api/v1/nodes/n/proxy/./exec", "/api/v1/nodes/n/proxy/%2e%2E/x",
        "/api/v1/namespaces/n/pods/p/proxy/a%2f..%2fb", "/api/v1/namespaces/n/services/s/proxy/.%2e",
        "/api/v1/namespaces/n/pods/p/proxy/..",
    ])
    func dotsInAProxiedServersPathAreRefused(target: String) {
        #expect(throws: TargetFault.dotSegment) { try RequestInfo(method: "GET", target: RequestTarget(target)) }
    }

    @Test(arguments: [
        ("/apis/subresources.kubevirt.io/v1/namespaces/n/virtualmachineinstances/vm/console", true),
        ("/apis/subresources.kubevirt.io/v1/namespaces/n/virtualmachineinstances/vm/vnc", true),
        ("/apis/subresources.kubevirt.io/v1/namespaces/n/virtualmachineinstances/vm/portforward/22/tcp", true),
        ("/apis/elsewhere.example/v1/namespaces/n/virtualmachineinstances/vm/console", false),
        ("/apis/widgets.example.com/v1/namespaces/n/widgets/w/shell", true),
        ("/apis/widgets.example.com/v1/namespaces/n/widgets/w/log", false),
        ("/api/v1/namespaces/n/pods/p/log", false), ("/api/v1/namespaces/n/secrets/exec", false),
    ])
    func whatConnectsIsKnown(target: String, connects: Bool) throws {
        let shell = try #require(ConnectSubresources.Name("widgets.widgets.example.com/shell"))
        let info = try RequestInfo(
            method: "GET", target: RequestTarget(target), connecting: ConnectSubresources(adding: [shell]))
        #expect(info.isConnect == connects)
        #expect(info.isMutation == connects)
    }

    @Test(arguments: ["widgets", "/shell", "widgets/", "a/b/c", "widgets./shell", "*/shell", "", ".x/y", "a b/c"])
    func whatNamesNoSubresourceIsNone(text: String) { #expect(ConnectSubresources.Name(text) == nil) }

    /// A pod, a node or a namespace may be called as a subresource is.
    @Test(arguments: [
        ("/api/v1/nodes/proxy/proxy/exec/default/proxy/c", true), ("/api/v1/nodes/n/proxy/exec/default/proxy/c", true),
        ("/api/v1/nodes/n/proxy//%65xec/default/p/c", true), ("/api/v1/nodes/n/proxy/%2fexec/default/p/c", true),
        ("/api/v1/nodes/n/proxy/exec/default/portforward/c", true),
        ("/api/v1/nodes/n/proxy/attach/proxy/proxy/c", true),
        ("/api/v1/nodes/n/proxy/pods/proxy/exec", false), ("/api/v1/nodes/n/proxy/portForward/default/p", false),
        ("/api/v1/nodes/n/proxy/logs/proxy/exec/x", false), ("/api/v1/namespaces/n/pods/portforward/exec", true),
        ("/api/v1/namespaces/proxy/pods/proxy/exec", true), ("/api/v1/namespaces/n/pods/p/proxy/exec/a/b/c", false),
    ])
    func kubeletsCommandsAreKnownWhateverThingsAreCalled(target: String, runs: Bool) throws {
        #expect(try RequestInfo(method: "GET", target: RequestTarget(target)).runsCommand == runs)
    }

    @Test(arguments: [
        ("http://elsewhere/api", TargetFault.notOriginForm), ("*", .notOriginForm), ("", .notOriginForm),
        ("/api v1", .controlCharacter), ("/api\u{7}", .controlCharacter), ("/api#x", .fragment),
    ])
    func targetsThatAreNotPathsAreRefused(target: String, fault: TargetFault) {
        #expect(throws: fault) { try RequestTarget(target) }
    }

    @Test(arguments: [
        ("GET", "/api/v1/pods", false), ("GET", "/api/v1/pods?watch=1", false), ("POST", "/api/v1/pods", true),
        ("GET", "/api/v1/namespaces/n/pods/p/exec", true), ("GET", "/api/v1/namespaces/n/pods/p/portforward", true),
        ("GET", "/api/v1/nodes/n/proxy/", true), ("GET", "/api/v1/namespaces/n/pods/p/log", false),
        ("POST", "/version", true),
        ("BREW", "/api/v1/pods", true),
    ])
    func whateverIsNotKnownToBeAReadIsAMutation(method: String, target: String, isMutation: Bool) throws {
        #expect(try RequestInfo(method: method, target: RequestTarget(target)).isMutation == isMutation)
    }

    @Test func aClustersPrefixIsTakenOffWithoutTouchingTheRest() throws {
        let target = try RequestTarget("/clusters/prod/api/v1/pods?a=%20b")
        let (cluster, rest) = try #require(target.inCluster)
        #expect(cluster == "prod")
        #expect(rest.text == "/api/v1/pods?a=%20b")
        #expect(try RequestTarget("/clusters/prod").inCluster?.target.text == "/")
        #expect(try RequestTarget("/byline/v1/token").inCluster == nil)
    }
}
