public import Authentication
public import KubernetesWire
public import Vocabulary

/// What was asked, of which cluster, by whom: all that policy looks at.
public struct AccessRequest: Hashable, Sendable {
    public let caller: Authenticated
    public let cluster: ClusterName
    public let requestInfo: RequestInfo

    public init(caller: Authenticated, cluster: ClusterName, requestInfo: RequestInfo) {
        self.caller = caller
        self.cluster = cluster
        self.requestInfo = requestInfo
    }
}

/// Policy allowed it. Only this target can make one, and nothing is forwarded without one.
public struct Permit: Sendable {
    public let request: AccessRequest
    public let decision: Decision

    init(request: AccessRequest, decision: Decision) {
        self.request = request
        self.decision = decision
    }
}

/// Policy refused it; the decision says which rule and what would be needed.
public struct Denial: Error, Sendable {
    public let request: AccessRequest
    public let decision: Decision

    init(request: AccessRequest, decision: Decision) {
        self.request = request
        self.decision = decision
    }
}
