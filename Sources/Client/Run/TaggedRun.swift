import ContextReading
import CurlTransport
import LocalState
import Tagging

/// A run whose every request to Kubernetes goes through a shim of its own, tagged: its session is there before anything is
/// run in it.
struct TaggedRun {
    private let environment: Environment
    private let engine: CurlEngine
    private let options: BylineOptions
    private let session: GatewaySession
    private let clusters: [String]
    private let prompts: PromptDelivery?
    private let current: String
    /// The session's id.
    let id: String

    /// Signs in for the run. Without a cluster it begins with the environment's, else with the preferred one where the
    /// gateway serves it, else with the gateway's only one.
    init(
        cluster: String?, gateway: String?, preferring preferred: String? = nil, options: BylineOptions,
        _ environment: Environment, _ engine: CurlEngine
    ) async throws {
        let byline = try options.context(environment).byline
        let signingIn = try SigningIn(environment, engine)
        session = GatewaySession(signingIn, engine, gateway: gateway ?? environment.gateway, byline: byline.ofSession)
        id = try await session.current().session
        let offers = try await session.offers()
        clusters = offers.clusters
        prompts = offers.promptDelivery(options, environment, engine)
        current = try Self.choose(cluster ?? environment.cluster, clusters, preferring: preferred)
        self.environment = environment
        self.engine = engine
        self.options = options
    }

    /// Runs `body`, whose commands reach the cluster with the variables that it is given.
    func serve(_ body: (_ variables: [String: String]) async throws -> Int32) async throws -> Int32 {
        let folder = try RunFolder(in: environment.runtimeFolder)
        var variables = environment.variables
        variables["KUBECONFIG"] = folder.kubeconfig
        variables["BYLINE_SESSION"] = id
        variables[ContextReader.runVariable] = folder.context
        // The hooks of a tool in the run keep what the run sends.
        if prompts != nil { variables[Environment.sendPromptVariable] = "1" }
        try begin(folder.context)
        let live = LiveContext(ContextReader(variables: variables))
        let shim = try await Shim.start(
            session: session, engine: engine, cluster: current, context: { live.current }, prompts: prompts)
        let code: Int32
        do {
            try folder.write(ShimKubeconfig(shim: shim, clusters: clusters, current: current))
            code = try await body(variables)
        } catch {
            await shim.stop()
            throw error
        }
        await shim.stop()
        return code
    }

    /// The run's file of who writes: its options, and what was set in the run that it is part of.
    private func begin(_ path: String) throws(ClientFault) {
        let flags = try options.flags()
        do throws(FileFault) {
            let outer = try environment.runContext.map { path throws(FileFault) in try ContextStore(path: path).load() }
            try ContextStore(path: path).update { file in
                file.flags = outer.map { $0.flags.merging($0.fields) { _, set in set } } ?? [:]
                file.flags.merge(flags) { _, own in own }
            }
        } catch { throw .file(error) }
    }

    private static func choose(
        _ wanted: String?, _ known: [String], preferring preferred: String?
    ) throws(ClientFault) -> String {
        if let wanted {
            guard known.contains(wanted) else { throw .unknownCluster(wanted, known: known) }
            return wanted
        }
        if let preferred, known.contains(preferred) { return preferred }
        guard let only = known.first, known.count == 1 else { throw .clusterNotChosen(known: known) }
        return only
    }
}
