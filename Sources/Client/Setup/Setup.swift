import CredentialCache
public import CurlTransport
import LocalState
import Vocabulary

/// `byline setup`: the gateway's clusters as contexts of a kubeconfig.
public struct Setup: Sendable {
    private let environment: Environment
    private let gateway: String?
    private let clusters: [String]
    private let kubeconfig: String?

    /// - Parameters:
    ///   - environment: the process' own.
    ///   - gateway: nil to take `BYLINE_GATEWAY`, else the one signed in at last.
    ///   - clusters: empty for all that the gateway serves.
    ///   - kubeconfig: nil for kubectl's own.
    public init(_ environment: Environment, gateway: String?, clusters: [String], kubeconfig: String?) {
        self.environment = environment
        self.gateway = gateway
        self.clusters = clusters
        self.kubeconfig = kubeconfig
    }

    /// What was done to which file.
    public struct Outcome: Sendable {
        public let file: String
        public let contexts: [String]
    }

    /// Writes the stanza.
    ///
    /// - Parameters:
    ///   - way: how the gateway is reached; where it names no authority, as it was at sign-in.
    ///   - variables: for the plugin, as `BYLINE_TOKEN_FILE`.
    ///   - engine: asks the gateway for its clusters.
    /// - Returns: the file and its new contexts.
    /// - Throws: `ClientFault`; the file is as it was then.
    public func write(
        _ way: Way, variables: [(name: String, value: String)], _ engine: CurlEngine
    ) async throws(ClientFault) -> Outcome {
        let stanza = try await stanza(way, variables, engine)
        let file = try KubeconfigFile(named: kubeconfig, environment)
        try file.update { bytes throws(ClientFault) in
            try SetupEdit.adding(stanza, to: bytes, file: file.path)
        }
        return Outcome(file: file.path, contexts: stanza.clusters.map(stanza.contextName))
    }

    /// The stanza as a kubeconfig of its own.
    public func text(
        _ way: Way, variables: [(name: String, value: String)], _ engine: CurlEngine
    ) async throws(ClientFault) -> [UInt8] {
        try SetupEdit.adding(try await stanza(way, variables, engine), to: [], file: "the kubeconfig")
    }

    /// Takes away what `write` has written: for the gateway or the clusters that are named, else all.
    public func remove() throws(ClientFault) -> Outcome {
        let file = try KubeconfigFile(named: kubeconfig, environment)
        let only = try gateway.map { url throws(ClientFault) in try SigningIn.normalized(url) }
        var contexts: [String] = []
        try file.update { bytes throws(ClientFault) in
            let (rest, removed) = try SetupEdit.removing(
                gateway: only, clusters: clusters, from: bytes, file: file.path)
            guard !removed.isEmpty else { throw .setup(.nothingToRemove(file: file.path)) }
            contexts = removed
            return rest
        }
        return Outcome(file: file.path, contexts: contexts)
    }

    private func stanza(
        _ way: Way, _ variables: [(name: String, value: String)], _ engine: CurlEngine
    ) async throws(ClientFault) -> SetupStanza {
        let signingIn = try SigningIn(environment, engine)
        let gateway = try signingIn.gateway(gateway)
        let way = try signingIn.way(to: gateway, given: way)
        let discovery = try await way.toGateway(engine).json(
            .init(method: "GET", url: "\(gateway)/.well-known/byline", trust: .system, timeout: 30))
        let served = discovery["clusters"]?.strings ?? []
        if let unknown = clusters.first(where: { !served.contains($0) }) {
            throw .unknownCluster(unknown, known: served)
        }
        return SetupStanza(
            gateway: gateway, clusters: clusters.isEmpty ? served : clusters, way: way, command: Self.plugin(),
            variables: variables)
    }

    /// The plugin beside this program; its name alone where this program cannot tell where it is.
    private static func plugin() -> String { Path.besideThisProgram("byline-credential") ?? "byline-credential" }
}
