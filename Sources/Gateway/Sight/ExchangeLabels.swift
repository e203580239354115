import Authorization
import KubernetesWire
import Vocabulary

/// What a finished exchange counts under. Every part comes from a closed list, so that no caller can make the metrics
/// grow by asking for things with new names.
struct ExchangeLabels: Hashable {
    enum Verb: String, CaseIterable, Hashable {
        case get, list, watch, create, update, patch, delete, deletecollection, other
    }

    enum Verdict: String, Hashable {
        case allow, deny
        /// Let in by policy, then not forwarded: the recorder, a limit or the cluster failed.
        case failed
    }

    let cluster: ClusterName
    let verb: Verb
    /// A resource that comes with Kubernetes, "other", or empty for what is no resource.
    let resource: String
    let code: Int
    let verdict: Verdict

    init(_ info: RequestInfo, cluster: ClusterName, code: Int, verdict: Verdict) {
        self.cluster = cluster
        verb = info.isResourceRequest ? Verb(rawValue: info.judgedVerb) ?? .other : info.verb == "get" ? .get : .other
        resource = !info.isResourceRequest ? "" : Self.resources.contains(info.resource) ? info.resource : "other"
        self.code = (100...599).contains(code) ? code : 0
        self.verdict = verdict
    }

    private static let resources: Set<String> = [
        "apiservices", "bindings", "certificatesigningrequests", "clusterrolebindings", "clusterroles",
        "componentstatuses", "configmaps", "controllerrevisions", "cronjobs", "csidrivers", "csinodes",
        "customresourcedefinitions", "daemonsets", "deployments", "endpoints", "endpointslices", "events",
        "flowschemas", "horizontalpodautoscalers", "ingressclasses", "ingresses", "jobs", "leases", "limitranges",
        "localsubjectaccessreviews", "mutatingwebhookconfigurations", "namespaces", "networkpolicies", "nodes",
        "persistentvolumeclaims", "persistentvolumes", "poddisruptionbudgets", "pods", "podtemplates",
        "priorityclasses", "prioritylevelconfigurations", "replicasets", "replicationcontrollers", "resourcequotas",
        "rolebindings", "roles", "runtimeclasses", "secrets", "selfsubjectaccessreviews", "selfsubjectrulesreviews",
        "serviceaccounts", "services", "statefulsets", "storageclasses", "subjectaccessreviews", "tokenreviews",
        "validatingadmissionpolicies", "validatingwebhookconfigurations", "volumeattachments",
    ]
}
