import ContextReading
public import CurlTransport
import LocalState
import Tagging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `byline shim`: a shim that lives long, for programs that are started elsewhere: MCP servers, editors, CI jobs.
public struct ShimCommand: Sendable {
    public let cluster: String?
    public let gateway: String?
    public let byline: BylineOptions
    /// The kubeconfig that is written for others; nil for one in the state folder.
    public let kubeconfig: String?
    /// 0 for any free one.
    public let port: Int

    public init(cluster: String?, gateway: String?, byline: BylineOptions, kubeconfig: String?, port: Int) {
        self.cluster = cluster
        self.gateway = gateway
        self.byline = byline
        self.kubeconfig = kubeconfig
        self.port = port
    }

    /// Serves until it is told to stop by SIGINT or SIGTERM. `ready` is told the kubeconfig's path and the address once
    /// requests are taken.
    public func run(
        _ environment: Environment, _ engine: CurlEngine, ready: (_ kubeconfig: String, _ address: String) -> Void
    ) async throws {
        guard let state = StateFolders.person(environment: environment.variables) else {
            throw ClientFault.noStateFolder
        }
        let path = kubeconfig ?? StateFolders.shimKubeconfig(inPerson: state)
        let lock = try Self.claim(path)
        defer { withExtendedLifetime(lock) {} }
        let context = try byline.context(environment)
        let session = GatewaySession(
            try SigningIn(environment, engine), engine, gateway: gateway ?? environment.gateway,
            byline: context.byline.ofSession)
        let offers = try await session.offers()
        let clusters = offers.clusters
        let current = try choose(cluster ?? environment.cluster, clusters)
        let listener = try ShimListener.passed(environment) ?? ShimListener(port: port)
        let isLasting = listener.isLasting
        let flags = try byline.flags()
        let live = LiveContext(ContextReader(variables: environment.variables, flags: flags))
        let identity = isLasting ? try ShimIdentity(keptIn: StateFolders.shimIdentity(inPerson: state)) : nil
        let stop = StopSignal.catching([SIGINT, SIGTERM])
        let shim = try await Shim.start(
            session: session, engine: engine, cluster: current, context: { live.current }, flags: flags,
            prompts: offers.promptDelivery(byline, environment, engine), listener: listener, identity: identity)
        do throws(FileFault) {
            let text = ShimKubeconfig(shim: shim, clusters: clusters, current: current).text
            try PrivateFile.replaceAtomically(path, with: Array(text.utf8))
        } catch {
            await shim.stop()
            throw ClientFault.file(error)
        }
        ready(path, shim.address)
        await stop.wait()
        await shim.stop()
        if !isLasting { try? PrivateFile.remove(path) }
    }

    /// Takes the kubeconfig for this shim alone. One that somebody else wrote is left as it is.
    private static func claim(_ path: String) throws(ClientFault) -> FileLock {
        do throws(FileFault) {
            let folder = Path.folder(of: path)
            if access(folder, F_OK) != 0 { try PrivateFile.makeFolder(folder) }
            if access(path, F_OK) == 0, try !PrivateFile.readShared(path).starts(with: ShimKubeconfig.mark.utf8) {
                throw FileFault("replace", path, .system(errno: EEXIST))
            }
            return try FileLock("\(path).lock")
        } catch {
            switch error.reason {
            case .locked: throw .shimRuns(path)
            case .system(errno: EEXIST): throw .foreignKubeconfig(path)
            default: throw .file(error)
            }
        }
    }

    private func choose(_ wanted: String?, _ known: [String]) throws(ClientFault) -> String {
        if let wanted {
            guard known.contains(wanted) else { throw .unknownCluster(wanted, known: known) }
            return wanted
        }
        // Every cluster has a context of its own: without a wish the first is the current one.
        guard let first = known.first else { throw .clusterNotChosen(known: known) }
        return first
    }
}
