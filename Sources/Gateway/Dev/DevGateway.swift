import Authentication
import Authorization
import Crypto
import Forwarding
import KubernetesWire
import LocalState
import Logging
import LoopbackTLS
import Masking
import NIOCore
import NIOPosix
import NIOSSL
import RecordIndex
public import Recording
import Vocabulary

/// A gateway for one laptop: everything embedded, on loopback.
public final class DevGateway: Sendable {
    /// What it serves, for the person and for `--ready-file`.
    public struct Facts: Sendable {
        public let url: String
        /// The file that clients trust.
        public let certificateAuthority: String
        public let cluster: String
        public let apiServer: String
        public let journal: String
        public let clientCredentials: String
        public let username: String
        public let recovery: RecoveryReport
    }

    public let facts: Facts
    private let server: GatewayServer
    private let recorder: Recorder
    private let index: RecordIndex
    private let group: MultiThreadedEventLoopGroup

    private init(
        facts: Facts, server: GatewayServer, recorder: Recorder, index: RecordIndex, group: MultiThreadedEventLoopGroup
    ) {
        self.facts = facts
        self.server = server
        self.recorder = recorder
        self.index = index
        self.group = group
    }

    /// Reads the kubeconfig, opens the journal, listens.
    ///
    /// - Throws: `DevFault`, before anything was accepted.
    public static func start(_ configuration: DevConfiguration) async throws(DevFault) -> DevGateway {
        let upstream = try DevUpstream.read(configuration)
        try await upstream.checkReachable()
        let folder = configuration.folder
        do throws(FileFault) { try PrivateFile.makeFolder(folder.path) } catch { throw .state(error) }
        let socket = try bind(configuration)
        let material = try await keyMaterial(folder)
        let recorder = try openRecorder(folder)
        let index = try await openIndex(folder, recorder)
        let url =
            "https://\(configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host):\(socket.port)"
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        let server: GatewayServer
        do {
            server = try await GatewayServer.start(
                socket.take(), group: group,
                services: try services(configuration, upstream, material, recorder, index, url: url))
        } catch {
            await recorder.stop()
            try? await group.shutdownGracefully()
            throw .cannotListen(address: url, cause: "\(error)")
        }
        let facts = Facts(
            url: url, certificateAuthority: folder.authorityCertificate, cluster: upstream.cluster.description,
            apiServer: upstream.upstream.address.description, journal: folder.journal,
            clientCredentials: folder.clientCredentials, username: configuration.username, recovery: recorder.recovery)
        return DevGateway(facts: facts, server: server, recorder: recorder, index: index, group: group)
    }

    /// Lets what is under way end, then closes the journal.
    ///
    /// - Returns: how many exchanges were cut when the grace was over.
    public func stop(grace: Duration) async -> Int {
        let cut = await server.drain(watchGrace: .seconds(1), grace: grace)
        await recorder.stop()
        await index.stop()
        try? await group.shutdownGracefully()
        return cut
    }

    /// How many exchanges are under way.
    public func busyCount() async -> Int { await server.busyCount() }

    // MARK: the parts

    private static func bind(_ configuration: DevConfiguration) throws(DevFault) -> BoundSocket {
        let address = "\(configuration.host):\(configuration.port)"
        do throws(BoundSocket.Fault) {
            return try BoundSocket(host: configuration.host, port: configuration.port)
        } catch {
            switch error {
            case .notLoopback:
                throw .cannotListen(address: address, cause: "a development gateway listens on 127.0.0.1 or ::1 only")
            case .portInUse: throw .cannotListen(address: address, cause: "the port is in use")
            case .system(let code):
                throw .cannotListen(
                    address: address, cause: FileFault("bind", address, .system(errno: code)).description)
            }
        }
    }

    private static func keyMaterial(_ folder: DevGatewayFolder) async throws(DevFault) -> DevKeyMaterial {
        do { return try await DevKeyMaterial.loadOrCreate(folder) } catch let fault as FileFault {
            throw .state(fault)
        } catch { throw .keyMaterial(path: folder.path, cause: "\(error)") }
    }

    private static func openRecorder(_ folder: DevGatewayFolder) throws(DevFault) -> Recorder {
        do throws(RecordingFault) { return try Recorder(folder: folder.journal) } catch {
            if case .inUse = error { throw .stateInUse(path: folder.path) }
            throw .recording(error)
        }
    }

    private static func openIndex(
        _ folder: DevGatewayFolder, _ recorder: Recorder
    ) async throws(DevFault) -> RecordIndex {
        do throws(IndexFault) {
            let index = try RecordIndex(folder: folder.index, journal: folder.journal)
            index.follow(recorder)
            return index
        } catch {
            await recorder.stop()
            throw .index(error)
        }
    }

    private static func services(
        _ configuration: DevConfiguration, _ upstream: DevUpstream, _ material: DevKeyMaterial, _ recorder: Recorder,
        _ index: RecordIndex, url: String
    ) throws -> GatewayServices {
        let issuer = DevIssuer(
            gatewayURL: url, username: configuration.username, groups: configuration.groups, key: material.issuerKey,
            client: material.client)
        let sessionTokens = SessionTokens(issuer: url, keys: material.sessionTokenKeys)
        let authenticator = Authenticator(sessionTokens: sessionTokens, issuers: [issuer.trusted])
        let digest = HexDigits.lower(SHA256.hash(data: Array(material.authority.certificatePEM.utf8)))
        // The one person whose gateway it is decides with --send-prompt.
        let prompts = PromptKeeping.offered
        let discovery = Discovery(
            version: configuration.version,
            issuers: [
                Discovery.Issuer(
                    url: issuer.url, clientID: DevIssuer.clientID, scopes: ["openid", "groups", "offline_access"],
                    grants: [DevIssuer.deviceGrant, "client_credentials", "refresh_token"])
            ], clusters: [upstream.cluster], caBundleDigest: "sha256:\(digest)", prompts: prompts)
        var rules = MaskingConfiguration()
        // There is no file in which they could be let through, and the one person has the cluster's credential at hand.
        rules.copies = .pass
        let masking = MaskingPolicy(rules, keys: material.maskKeys)
        let pages = GatewayPages(
            discovery: discovery, exchange: TokenExchange(authenticator: authenticator, sessionTokens: sessionTokens),
            keys: material.sessionTokenKeys,
            prompts: PromptIntake(keeping: prompts, authenticator: authenticator, masking: masking),
            records: RecordPages(index: index, authenticator: authenticator, auditors: Rule.Subjects()),
            issuer: issuer, issuerPath: DevIssuer.path)
        let log = GatewayLog.logger(GatewayConfiguration.Log(level: .error, format: .text))
        let settings = Settings(
            authenticator: authenticator, issuers: [issuer.trusted], policy: .development,
            clusters: [Settings.Cluster(upstream: upstream.upstream, allowance: ClusterAllowance(limit: nil))],
            limits: .unbounded, tls: try material.server.listenerContext(protocols: ["h2", "http/1.1"]), pages: pages,
            masking: masking,
            customResources: CustomResources { definition in
                log.error(
                    "fields of format: password are not masked: the credential may not get the CustomResourceDefinition",
                    metadata: ["definition": "\(definition)"])
            })
        return GatewayServices(
            recorder: recorder, log: log, settings: settings)
    }
}
