/// Kubernetes' reading of a request: what policy decides on and what the record calls it. It follows the API server's
/// own `RequestInfoFactory` (k8s.io/apiserver/pkg/endpoints/request/requestinfo.go), except that a method the API
/// server does not know stays a verb of its own, lower-cased, instead of becoming an empty one.
public struct RequestInfo: Hashable, Sendable {
    /// True where the path names a resource under /api or /apis; false for /version, /openapi/v3 and the like.
    public let isResourceRequest: Bool
    /// get, list, watch, create, update, patch, delete, deletecollection for resources; else the method in lower case.
    public let verb: String
    /// The path as it came, without its query.
    public let path: String
    /// Empty for the core group.
    public let apiGroup: String
    public let apiVersion: String
    public let resource: String
    public let subresource: String
    /// Empty for what lives in no namespace, and for all namespaces at once.
    public let namespace: String
    public let name: String
    /// True for what runs inside a pod or a node, or tunnels to it: exec, attach, port-forward, the proxy subresources, and those of
    /// aggregated APIs that connect. Whatever their method, they count as `create` and are recorded as mutations.
    public let isConnect: Bool

    /// With the subresources that connect as `connecting`.
    public init(
        isResourceRequest: Bool, verb: String, path: String, apiGroup: String = "", apiVersion: String = "",
        resource: String = "", subresource: String = "", namespace: String = "", name: String = "",
        connecting: ConnectSubresources = .builtIn
    ) {
        isConnect =
            isResourceRequest
            && connecting.contains(apiGroup: apiGroup, resource: resource, subresource: subresource)
        self.isResourceRequest = isResourceRequest
        self.verb = verb
        self.path = path
        self.apiGroup = apiGroup
        self.apiVersion = apiVersion
        self.resource = resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
    }

    /// True where the request can change the cluster or act inside it, so that its record must be durable first. Whatever
    /// is not known to be a read counts as a mutation.
    public var isMutation: Bool {
        if isConnect { return true }
        return switch verb {
        case "get", "list", "watch", "head", "options": false
        default: true
        }
    }
}
