/// What carries an `apiVersion` and a `kind` but is not kept by the API server as an object of its own.
enum UnannotatedKinds {
    /// Requests that are posted and answered. A Binding's annotations would even be copied to its pod.
    private static let requests: [String: Set<String>] = [
        "": ["Binding", "DeleteOptions", "Status", "Config"],
        "meta.k8s.io": [
            "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions",
        ],
        "policy": ["Eviction"],
        "autoscaling": ["Scale"],
        "authentication.k8s.io": ["SelfSubjectReview", "TokenRequest", "TokenReview"],
        "authorization.k8s.io": [
            "LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview",
        ],
        "admission.k8s.io": ["AdmissionReview"],
        "apiextensions.k8s.io": ["ConversionReview"],
        "imagepolicy.k8s.io": ["ImageReview"],
    ]

    /// The configuration of programs, which they read from files, and strictly: an unknown field stops them.
    private static let configurationGroups: Set<String> = [
        "abac.authorization.kubernetes.io", "apiserver.k8s.io", "audit.k8s.io", "client.authentication.k8s.io",
        "kind.x-k8s.io", "kubeadm.k8s.io",
    ]

    static func contains(kind: String, apiVersion: String) -> Bool {
        let parts = apiVersion.split(separator: "/", maxSplits: 1)
        let group = parts.count == 2 ? String(parts[0]) : ""
        return requests[group]?.contains(kind) ?? false || configurationGroups.contains(group)
            || group.hasSuffix(".config.k8s.io")
    }
}
