/// Who a verified token proves the caller to be, in Kubernetes' terms (`authentication.k8s.io` UserInfo).
public struct Identity: Hashable, Sendable {
    /// The issuer whose token proved it: an https URL.
    public let issuer: String
    public let username: String
    public let uid: String?
    /// Group names, each whole: a name may hold a comma.
    public let groups: [String]
    /// Further attributes by domain-prefixed key.
    public let extra: [String: [String]]

    public init(issuer: String, username: String, uid: String? = nil, groups: [String], extra: [String: [String]] = [:])
    {
        self.issuer = issuer
        self.username = username
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }
}
