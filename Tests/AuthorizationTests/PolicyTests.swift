import KubernetesWire
import Testing
import Vocabulary

@testable import Authentication
@testable import Authorization

@Suite struct PolicyTests {
    private static let alice = Identity(
        issuer: "https://issuer.example", username: "alice", groups: ["dev", "ops, night"])
    private static let cluster = ClusterName("prod")

    private func question(
        _ method: String, _ path: String, byline: Byline = Byline(), identity: Identity = alice
    ) throws -> Question {
        let info = try RequestInfo(method: method, target: RequestTarget(path))
        return Question(
            identity: identity, byline: byline, cluster: try #require(Self.cluster), requestInfo: info)
    }

    private func matches(_ question: Question, _ change: (inout Rule) -> Void) -> Bool {
        var rule = Rule(name: "r", effect: .allow)
        change(&rule)
        return rule.miss(question) == nil
    }

    @Test func noMatchDenies() throws {
        #expect(Policy(rules: []).trace(try question("GET", "/api/v1/pods")).decided == nil)
    }

    @Test func firstMatchDecides() throws {
        var deny = Rule(name: "no-secrets", effect: .deny)
        deny.resources = [ResourcePattern("secrets")]
        let policy = Policy(rules: [deny, Rule(name: "all", effect: .allow)])
        let secrets = policy.trace(try question("GET", "/api/v1/namespaces/a/secrets/s"))
        #expect(secrets.decided?.rule == "no-secrets")
        let pods = policy.trace(try question("GET", "/api/v1/namespaces/a/pods/p"))
        #expect(pods.decided?.rule == "all")
        #expect(pods.misses.map(\.miss) == [.resources])
    }

    @Test(arguments: [
        ("GET", "/api/v1/namespaces/a/pods/web/exec?command=sh"),
        ("POST", "/api/v1/namespaces/a/pods/web/exec?command=sh"),
        ("GET", "/api/v1/namespaces/a/pods/web/attach"), ("GET", "/api/v1/namespaces/a/pods/web/portforward"),
        ("DELETE", "/api/v1/nodes/n/proxy/run"), ("GET", "/api/v1/namespaces/a/services/s/proxy/x"),
    ])
    func whatRunsInsideIsACreateWhateverTheMethod(_ method: String, _ path: String) throws {
        let asked = try question(method, path)
        #expect(matches(asked) { $0.verbs = [Glob("create")] })
        for verb in ["get", "delete", "connect"] { #expect(!matches(asked) { $0.verbs = [Glob(verb)] }) }
    }

    @Test func aProxySubresourceIsAResourceOfItsOwn() throws {
        let asked = try question("GET", "/api/v1/nodes/n1/proxy/exec/ns/pod/c?command=id")
        #expect(!matches(asked) { $0.resources = [ResourcePattern("nodes")] })
        #expect(matches(asked) { $0.resources = [ResourcePattern("nodes/proxy")] })
    }

    @Test(arguments: [
        ("pods", true, false), ("pods/log", false, true), ("pods/*", false, true), ("*/log", false, true),
        ("*", true, true),
        ("p?ds", true, false), ("*/*", false, true),
    ])
    func resourcesAreWrittenAsInRBAC(_ pattern: String, _ matchesPod: Bool, _ matchesLog: Bool) throws {
        let pod = try question("GET", "/api/v1/namespaces/a/pods/p")
        let log = try question("GET", "/api/v1/namespaces/a/pods/p/log")
        #expect(matches(pod) { $0.resources = [ResourcePattern(pattern)] } == matchesPod)
        #expect(matches(log) { $0.resources = [ResourcePattern(pattern)] } == matchesLog)
    }

    @Test func aRuleForANamespaceIsNoRuleForAllOfThem() throws {
        let all = try question("GET", "/api/v1/pods")
        let one = try question("GET", "/api/v1/namespaces/dev-1/pods")
        #expect(!matches(all) { $0.namespaces = [Glob("dev-*")] })
        #expect(matches(one) { $0.namespaces = [Glob("dev-*")] })
        #expect(matches(all) { $0.namespaces = [Glob("*")] })
        // A namespace's own name is its namespace.
        let delete = try question("DELETE", "/api/v1/namespaces/prod")
        #expect(!matches(delete) { $0.namespaces = [Glob("dev-*")] })
        #expect(matches(delete) { $0.namespaces = [Glob("prod")] })
    }

    @Test func aDenialForANamespaceMeetsRequestsOverAllOfThem() throws {
        var deny = Rule(name: "kube-system", effect: .deny)
        deny.namespaces = [Glob("kube-system")]
        let policy = Policy(rules: [deny, Rule(name: "all", effect: .allow)])
        for (method, path, isDenied) in [
            ("GET", "/api/v1/secrets", true), ("GET", "/api/v1/secrets?watch=1", true),
            ("DELETE", "/api/v1/pods", true),
            ("GET", "/apis/example.com/v1/widgets", true), ("GET", "/api/v1/namespaces/kube-system/secrets", true),
            ("GET", "/api/v1/namespaces/dev/secrets", false), ("GET", "/api/v1/nodes", false),
            ("GET", "/api/v1/namespaces", false), ("GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles", false),
            ("GET", "/version", false),
        ] {
            let rule = policy.trace(try question(method, path)).decided?.rule
            #expect(rule == (isDenied ? "kube-system" : "all"), "\(method) \(path)")
        }
    }

    @Test func pathsAndResourcesAreToldApart() throws {
        let version = try question("GET", "/version")
        let pods = try question("GET", "/api/v1/pods")
        #expect(matches(version) { $0.nonResourceURLs = [Glob("/ver*")] })
        #expect(!matches(pods) { $0.nonResourceURLs = [Glob("*")] })
        #expect(!matches(version) { $0.resources = [ResourcePattern("*")] })
        #expect(matches(version) { _ in })
    }

    @Test func aGroupWithACommaIsOneGroup() throws {
        let asked = try question("GET", "/api/v1/pods")
        #expect(matches(asked) { $0.subjects.groups = [Glob("ops, night")] })
        #expect(!matches(asked) { $0.subjects.groups = [Glob("ops")] })
        #expect(!matches(asked) { $0.subjects.groups = [Glob("night")] })
        #expect(
            !matches(asked) {
                $0.subjects.groups = [Glob("dev")]
                $0.subjects.issuers = [Glob("https://other.example")]
            })
    }

    @Test func saysWhatTheBylineLacks() throws {
        var rule = Rule(name: "agents", effect: .allow)
        rule.byline.required = [.model, .promptID]
        rule.byline.attested = [.promptID]
        rule.byline.models = [Glob("claude-*")]
        let bare = try question("DELETE", "/api/v1/namespaces/a/pods/p")
        #expect(
            rule.miss(bare)
                == .byline([
                    .field(.model), .field(.promptID), .attested(.promptID), .oneOf(.model, ["claude-*"]),
                ]))
        var byline = Byline([.model: "claude-opus-4", .promptID: "p1"], trust: .asserted)
        let asserted = try question("DELETE", "/api/v1/namespaces/a/pods/p", byline: byline)
        #expect(rule.miss(asserted) == .byline([.attested(.promptID)]))
        byline[.promptID] = Byline.Claim("p1", .attested)
        #expect(rule.miss(try question("DELETE", "/api/v1/namespaces/a/pods/p", byline: byline)) == nil)
        let caller = Authenticated(
            identity: Self.alice, session: .random(), byline: Byline(), expiration: Timestamp(seconds: 1))
        let request = AccessRequest(
            caller: caller, cluster: try #require(Self.cluster), requestInfo: bare.requestInfo)
        guard case .failure(let denial) = Policy(rules: [rule]).decide(request) else {
            Issue.record("it was allowed")
            return
        }
        #expect(denial.decision.rule == "no-match")
        #expect(denial.decision.reason?.hasPrefix("rule \"agents\" would allow it with model in the byline") == true)
    }

    @Test(arguments: [
        ("*", "", true), ("a*", "a", true), ("a*c", "abbbc", true), ("a*c", "abbb", false), ("?", "ä", true),
        ("??", "a", false), ("a*b*c", "a-b-b-c", true), ("", "", true), ("", "a", false),
        ("*a*a*a*a*b", "aaaaaaaaaaaa", false),
    ])
    func globs(_ pattern: String, _ name: String, _ fits: Bool) {
        #expect(Glob(pattern).matches(name) == fits)
    }
}
