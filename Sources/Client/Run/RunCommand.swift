import ContextReading
public import CurlTransport
import LocalState
import Tagging

/// `byline run`: a command whose every request to Kubernetes goes through a shim of its own, tagged.
public struct RunCommand: Sendable {
    public let command: [String]
    public let cluster: String?
    public let gateway: String?
    public let byline: BylineOptions
    /// What the command inherits.
    public let descriptors: OpenDescriptors

    public init(
        command: [String], cluster: String?, gateway: String?, byline: BylineOptions, descriptors: OpenDescriptors
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
        let byline = try byline.context(environment).byline
        let signingIn = try SigningIn(environment, engine)
        let session = GatewaySession(
            signingIn, engine, gateway: gateway ?? environment.gateway, byline: byline.ofSession)
        let token = try await session.current()
        let clusters = try await session.clusters()
        let current = try choose(cluster ?? environment.cluster, clusters)
        let folder = try RunFolder(in: environment.runtimeFolder)
        var variables = environment.variables
        variables["KUBECONFIG"] = folder.kubeconfig
        variables["BYLINE_SESSION"] = token.session
        variables[ContextReader.runVariable] = folder.context
        try begin(folder.context, environment)
        let live = LiveContext(ContextReader(variables: variables))
        let shim = try await Shim.start(session: session, engine: engine, cluster: current, context: { live.current })
        let code: Int32
        do {
            try folder.write(ShimKubeconfig(shim: shim, clusters: clusters, current: current))
            code = try await ChildProcess.run(command, environment: variables, keeping: descriptors)
        } catch {
            await shim.stop()
            throw error
        }
        await shim.stop()
        return code
    }

    /// The run's file of who writes: its options, and what was set in the run that it is part of.
    private func begin(_ path: String, _ environment: Environment) throws(ClientFault) {
        let flags = try byline.flags()
        do throws(FileFault) {
            let outer = try environment.runContext.map { path throws(FileFault) in try ContextStore(path: path).load() }
            try ContextStore(path: path).update { file in
                file.flags = outer.map { $0.flags.merging($0.fields) { _, set in set } } ?? [:]
                file.flags.merge(flags) { _, own in own }
            }
        } catch { throw .file(error) }
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
