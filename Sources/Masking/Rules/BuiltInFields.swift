import KubernetesWire

/// The fields that are secrets by what they are. All of a Secret's data is one, so that a TLS key, a kubeconfig, a
/// registry's password, a bootstrap token or a Helm release in it need no rule of their own.
enum BuiltInFields {
    static let secretData = "secret-data"
    static let token = "token"
    static let names = [secretData, token]

    /// Adds what applies to a request.
    static func add(to tree: inout FieldTree, for request: RequestInfo, disabled: Set<String>) {
        func add(_ rule: String, _ spelling: Mask.Spelling, _ path: String) {
            guard !disabled.contains(rule), let path = FieldPath(path) else { return }
            tree.set(.mask(rule: rule, spelling), at: path.steps)
        }
        switch (request.resource, request.subresource) {
        case ("secrets", _):
            add(secretData, .base64, "data[*]")
            add(secretData, .plain, "stringData[*]")
        case (_, "token"), ("tokenreviews", _), ("tokenrequests", _):
            add(token, .plain, "status.token")
            add(token, .plain, "spec.token")
        default: break
        }
    }
}
