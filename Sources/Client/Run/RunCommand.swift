public import CurlTransport
public import Vocabulary

/// `byline run`: a command whose every request to Kubernetes goes through a shim of its own, tagged.
public struct RunCommand: Sendable {
    public let command: [String]
    public let cluster: String?
    public let gateway: String?
    public let byline: Byline
    /// What the command inherits.
    public let descriptors: OpenDescriptors

    public init(
        command: [String], cluster: String?, gateway: String?, byline: Byline, descriptors: OpenDescriptors
    ) {
        self.descriptors = descriptors
        self.command = command
        self.cluster = cluster
        self.gateway = gateway
        self.byline = byline
    }

    /// Runs the command to its end.
    ///
    /// - Returns: the exit code to end with.
    public func run(_ environment: Environment, _ engine: CurlEngine) async throws -> Int32 {
        let signingIn = try SigningIn(environment, engine)
        let session = GatewaySession(signingIn, engine, gateway: gateway ?? environment.gateway, byline: byline)
        let token = try await session.current()
        let clusters = try await session.clusters()
        let current = try choose(cluster ?? environment.cluster, clusters)
        let byline = byline
        let shim = try await Shim.start(session: session, engine: engine, cluster: current, byline: { byline })
        let code: Int32
        do {
            let kubeconfig = try EphemeralKubeconfig(
                shim: shim, clusters: clusters, current: current, in: environment.runtimeFolder)
            var variables = environment.variables
            variables["KUBECONFIG"] = kubeconfig.path
            variables["BYLINE_SESSION"] = token.session
            code = try await ChildProcess.run(command, environment: variables, keeping: descriptors)
        } catch {
            await shim.stop()
            throw error
        }
        await shim.stop()
        return code
    }

    private func choose(_ wanted: String?, _ known: [String]) throws(ClientFault) -> String {
        if let wanted {
            guard known.contains(wanted) else { throw .unknownCluster(wanted, known: known) }
            return wanted
        }
        guard let only = known.first, known.count == 1 else { throw .clusterNotChosen(known: known) }
        return only
    }
}
