public import LocalState

/// What `byline-gateway dev` was asked for.
public struct DevConfiguration: Sendable {
    /// The files of the kubeconfig, as KUBECONFIG lists them.
    public let kubeconfigFiles: [String]
    /// nil for the current one.
    public let context: String?
    /// The cluster's name in `/clusters/NAME/`; nil to make one of the context's.
    public let cluster: String?
    public let folder: DevGatewayFolder
    /// A loopback address.
    public let host: String
    /// 0 for any free one.
    public let port: Int
    /// Who signs in.
    public let username: String
    public let groups: [String]
    public let version: String

    public init(
        kubeconfigFiles: [String], context: String?, cluster: String?, folder: DevGatewayFolder, host: String,
        port: Int,
        username: String, groups: [String], version: String
    ) {
        self.kubeconfigFiles = kubeconfigFiles
        self.context = context
        self.cluster = cluster
        self.folder = folder
        self.host = host
        self.port = port
        self.username = username
        self.groups = groups
        self.version = version
    }
}
