public import KubernetesWire
public import Vocabulary

/// One rule of a policy. It matches a request where every condition that it states holds; a condition that it does not
/// state holds for everything.
public struct Rule: Sendable {
    /// Who a rule is for.
    public struct Subjects: Sendable {
        /// Any of these users or groups; both empty for everyone.
        public var users: [Glob]
        public var groups: [Glob]
        /// Proven by one of these issuers, in addition; empty for any.
        public var issuers: [Glob]

        public init(users: [Glob] = [], groups: [Glob] = [], issuers: [Glob] = []) {
            self.users = users
            self.groups = groups
            self.issuers = issuers
        }

        /// True where the identity is one of these.
        public func include(_ identity: Identity) -> Bool {
            if !issuers.isEmpty, !issuers.contains(matching: identity.issuer) { return false }
            if users.isEmpty, groups.isEmpty { return true }
            return users.contains(matching: identity.username)
                || (!groups.isEmpty && identity.groups.contains { groups.contains(matching: $0) })
        }
    }

    /// What must be said of a request's author.
    public struct BylineConditions: Sendable {
        /// Fields that must be there.
        public var required: [Byline.Field]
        /// Fields that must be signed by a key that the gateway trusts.
        public var attested: [Byline.Field]
        /// The model is one of these; empty for any, or none.
        public var models: [Glob]
        /// The agent's name is one of these; empty for any, or none.
        public var agents: [Glob]

        public init(
            required: [Byline.Field] = [], attested: [Byline.Field] = [], models: [Glob] = [], agents: [Glob] = []
        ) {
            self.required = required
            self.attested = attested
            self.models = models
            self.agents = agents
        }

        /// What the byline lacks; empty where all holds.
        func missing(in byline: Byline) -> [Need] {
            var needs = required.filter { byline[$0] == nil }.map { Need.field($0) }
            needs += attested.filter { byline[$0]?.trust != .attested }.map { .attested($0) }
            if !models.isEmpty, !models.contains(matching: byline[.model]?.value ?? "") {
                needs.append(.oneOf(.model, models.map(\.pattern)))
            }
            if !agents.isEmpty, !agents.contains(matching: byline[.agentName]?.value ?? "") {
                needs.append(.oneOf(.agentName, agents.map(\.pattern)))
            }
            return needs
        }
    }

    /// Something that a byline would have to say for a rule to match.
    public enum Need: Hashable, Sendable {
        case field(Byline.Field)
        case attested(Byline.Field)
        case oneOf(Byline.Field, [String])
    }

    /// Why a rule does not match: its first condition that does not hold.
    public enum Miss: Hashable, Sendable {
        case subjects, clusters, verbs, apiGroups, resources, namespaces, names, nonResourceURLs
        /// Everything else holds.
        case byline([Need])
    }

    public var name: String
    public var effect: Decision.Effect
    public var subjects = Subjects()
    public var clusters: [Glob] = []
    public var verbs: [Glob] = []
    public var apiGroups: [Glob] = []
    public var resources: [ResourcePattern] = []
    public var namespaces: [Glob] = []
    public var names: [Glob] = []
    public var nonResourceURLs: [Glob] = []
    public var byline = BylineConditions()

    public init(name: String, effect: Decision.Effect) {
        self.name = name
        self.effect = effect
    }

    /// Returns nil where the rule matches.
    func miss(_ question: Question) -> Miss? {
        guard subjects.include(question.identity) else { return .subjects }
        if !clusters.isEmpty, !clusters.contains(matching: question.cluster.description) { return .clusters }
        let info = question.requestInfo
        if !verbs.isEmpty, !verbs.contains(matching: info.judgedVerb) { return .verbs }
        if let miss = info.isResourceRequest ? missOfResource(info) : missOfURL(info) { return miss }
        let needs = byline.missing(in: question.byline)
        return needs.isEmpty ? nil : .byline(needs)
    }

    private var speaksOfResources: Bool {
        !(apiGroups.isEmpty && resources.isEmpty && namespaces.isEmpty && names.isEmpty)
    }

    private func missOfResource(_ info: RequestInfo) -> Miss? {
        if !speaksOfResources, !nonResourceURLs.isEmpty { return .resources }
        if !apiGroups.isEmpty, !apiGroups.contains(matching: info.apiGroup) { return .apiGroups }
        if !resources.isEmpty, !resources.contains(where: { $0.matches(info) }) { return .resources }
        if !namespaces.isEmpty, !namespaces.contains(matching: info.namespace),
            !(effect == .deny && info.spansNamespaces)
        {
            return .namespaces
        }
        if !names.isEmpty, !names.contains(matching: info.name) { return .names }
        return nil
    }

    private func missOfURL(_ info: RequestInfo) -> Miss? {
        if nonResourceURLs.isEmpty { return speaksOfResources ? .nonResourceURLs : nil }
        return nonResourceURLs.contains(matching: info.path) ? nil : .nonResourceURLs
    }
}

/// A pattern over a resource and its subresource, as RBAC writes them: `pods` is the resource alone, `pods/log` its
/// subresource, `pods/*` any subresource of it, `*/scale` that subresource of any, `*` all there is.
public struct ResourcePattern: Hashable, Sendable {
    public let pattern: String
    private let resource: Glob
    private let subresource: Glob?

    public init(_ pattern: String) {
        self.pattern = pattern
        let parts = pattern.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        resource = Glob(String(parts[0]))
        subresource = parts.count == 2 ? Glob(String(parts[1])) : nil
    }

    func matches(_ info: RequestInfo) -> Bool {
        guard let subresource else {
            return resource.isAny || (info.subresource.isEmpty && resource.matches(info.resource))
        }
        return !info.subresource.isEmpty && resource.matches(info.resource) && subresource.matches(info.subresource)
    }
}

extension RequestInfo {
    /// True for a request over all namespaces: its answer holds those that a rule denies. What lives in no namespace is no such
    /// request, as far as it is known; of a custom resource it is not.
    public var spansNamespaces: Bool {
        isResourceRequest && namespace.isEmpty && name.isEmpty
            && !Self.clusterScoped.contains("\(resource).\(apiGroup)")
    }

    /// Kubernetes' own resources that live in no namespace, with their groups.
    private static let clusterScoped: Set<String> = [
        "namespaces.", "nodes.", "persistentvolumes.", "componentstatuses.",
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
        "validatingadmissionpolicies.admissionregistration.k8s.io",
        "validatingadmissionpolicybindings.admissionregistration.k8s.io",
        "mutatingadmissionpolicies.admissionregistration.k8s.io",
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
        "customresourcedefinitions.apiextensions.k8s.io", "apiservices.apiregistration.k8s.io",
        "selfsubjectreviews.authentication.k8s.io", "tokenreviews.authentication.k8s.io",
        "selfsubjectaccessreviews.authorization.k8s.io", "selfsubjectrulesreviews.authorization.k8s.io",
        "subjectaccessreviews.authorization.k8s.io", "certificatesigningrequests.certificates.k8s.io",
        "clustertrustbundles.certificates.k8s.io", "flowschemas.flowcontrol.apiserver.k8s.io",
        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io", "ingressclasses.networking.k8s.io",
        "ipaddresses.networking.k8s.io", "servicecidrs.networking.k8s.io", "runtimeclasses.node.k8s.io",
        "podsecuritypolicies.policy", "clusterroles.rbac.authorization.k8s.io",
        "clusterrolebindings.rbac.authorization.k8s.io", "deviceclasses.resource.k8s.io",
        "resourceslices.resource.k8s.io", "priorityclasses.scheduling.k8s.io", "csidrivers.storage.k8s.io",
        "csinodes.storage.k8s.io", "storageclasses.storage.k8s.io", "volumeattachments.storage.k8s.io",
        "volumeattributesclasses.storage.k8s.io", "nodes.metrics.k8s.io",
    ]

    /// The verb that policy judges: what runs inside a pod or a node, or tunnels to it, is a `create` of its subresource
    /// whatever the method.
    public var judgedVerb: String { isConnect ? "create" : verb }
}
