import Authentication
import Authorization
import Crypto
import CurlTransport
import Forwarding
import LocalState
import Logging
import Masking
import NIOCore
import NIOPosix
import NIOSSL
import RecordIndex
public import Recording
import Synchronization
import Vocabulary

/// The gateway of `byline-gateway serve`: one configuration file, reloaded without a restart.
public final class ServedGateway: Sendable {
    /// What it serves, for the log and for `--ready-file`.
    public struct Facts: Sendable {
        public let url: String
        public let address: String
        public let monitoring: String?
        public let journal: String
        public let clusters: [String]
        public let issuers: [String]
        public let recovery: RecoveryReport
    }

    public let facts: Facts
    private let file: String
    private let version: String
    private let state: ServeFolder
    private let services: GatewayServices
    private let keyring: IssuerKeyring
    private let readiness: Readiness
    private let index: RecordIndex
    private let server: GatewayServer
    private let monitoring: MonitoringServer?
    private let group: MultiThreadedEventLoopGroup
    private let running: Mutex<Running>

    /// What a reload begins anew.
    private struct Running {
        var configuration: GatewayConfiguration
        var files: WatchedFiles
        var tasks: [Task<Void, Never>] = []
    }

    // MARK: starting

    /// Reads the configuration, opens the journal, listens.
    ///
    /// - Parameters:
    ///   - file: the configuration.
    ///   - version: the program's.
    /// - Returns: the gateway, which accepts connections.
    /// - Throws: `ServeFault`, before anything was accepted.
    public static func start(_ file: String, version: String) async throws(ServeFault) -> ServedGateway {
        let configuration: GatewayConfiguration
        let files: ConfiguredFiles
        do throws(ConfigurationFaults) {
            configuration = try GatewayConfiguration.read(file)
            files = try await ConfiguredFiles.read(configuration)
        } catch { throw .configuration(error) }
        let log = GatewayLog.logger(configuration.log)
        let state = ServeFolder(configuration.state)
        do throws(FileFault) { try PrivateFile.makeFolder(state.path) } catch { throw .state(error) }
        let fetcher: KeyFetcher
        do throws(TransportFault) { fetcher = try KeyFetcher() } catch { throw .noFetcher(cause: "\(error)") }
        let keys = try await sessionTokenKeys(files, state)
        let maskKeys = try maskKeys(files, state)
        let recorder = try openRecorder(configuration, state, log)
        let readiness = Readiness(recorder: recorder)
        let index = try await openIndex(state, recorder)
        let edition = SettingsEdition()
        let keyring = IssuerKeyring(fetcher: fetcher, keysRemoved: { edition.advance() })
        let settings = settings(
            configuration, files, keys, maskKeys, keyring, index, version: version)
        let services = GatewayServices(recorder: recorder, log: log, settings: settings, edition: edition)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        do {
            let server = try await GatewayServer.start(configuration.listen.address, group: group, services: services)
            do {
                let monitoring = try await MonitoringServer.start(
                    configuration.monitoring, group: group, services: services, server: server, readiness: readiness,
                    version: version)
                let facts = Facts(
                    url: configuration.listen.url, address: server.address, monitoring: monitoring?.address,
                    journal: state.journal, clusters: configuration.clusters.map(\.name.value.description),
                    issuers: configuration.issuers.map(\.url.value), recovery: recorder.recovery)
                let gateway = ServedGateway(
                    facts: facts, file: file, version: version, state: state, services: services, keyring: keyring,
                    readiness: readiness, index: index, server: server, monitoring: monitoring, group: group,
                    configuration: configuration)
                gateway.beginTasks(files)
                return gateway
            } catch {
                _ = await server.drain(watchGrace: .zero, grace: .zero)
                throw error
            }
        } catch let fault as ServeFault {
            await recorder.stop()
            try? await group.shutdownGracefully()
            throw fault
        } catch {
            await recorder.stop()
            try? await group.shutdownGracefully()
            throw .cannotListen(address: "\(configuration.listen.address)", cause: ListenCause.sentence(error))
        }
    }

    private init(
        facts: Facts, file: String, version: String, state: ServeFolder, services: GatewayServices,
        keyring: IssuerKeyring, readiness: Readiness, index: RecordIndex, server: GatewayServer,
        monitoring: MonitoringServer?, group: MultiThreadedEventLoopGroup, configuration: GatewayConfiguration
    ) {
        self.facts = facts
        self.file = file
        self.version = version
        self.state = state
        self.services = services
        self.keyring = keyring
        self.readiness = readiness
        self.index = index
        self.server = server
        self.monitoring = monitoring
        self.group = group
        running = Mutex(
            Running(
                configuration: configuration,
                files: WatchedFiles(ConfiguredFiles.paths(configuration, file: file))))
    }

    private static func sessionTokenKeys(
        _ files: ConfiguredFiles, _ state: ServeFolder
    ) async throws(ServeFault) -> SessionTokenKeys {
        if let key = files.signingKey { return SessionTokenKeys(current: key, previous: files.previousKeys) }
        do throws(SigningKey.FileProblem) {
            return SessionTokenKeys(
                current: try await SigningKey.readOrCreate(state.signingKey), previous: files.previousKeys)
        } catch { throw .signingKey(path: state.signingKey, cause: "\(error)") }
    }

    private static func maskKeys(_ files: ConfiguredFiles, _ state: ServeFolder) throws(ServeFault) -> MaskKeys {
        if let keys = files.maskKeys { return keys }
        do throws(MaskKeys.LoadFault) { return try MaskKeys.readOrCreate(state.maskKey) } catch {
            throw .maskKey(path: state.maskKey, cause: "\(error)")
        }
    }

    private static func openRecorder(
        _ configuration: GatewayConfiguration, _ state: ServeFolder, _ log: Logger
    ) throws(ServeFault) -> Recorder {
        do throws(RecordingFault) {
            return try Recorder(folder: state.journal, configuration: configuration.recording) { report in
                log.upkeep(report)
            }
        } catch {
            if case .inUse = error { throw .stateInUse(path: state.path) }
            throw .recording(error)
        }
    }

    private static func openIndex(_ state: ServeFolder, _ recorder: Recorder) async throws(ServeFault) -> RecordIndex {
        do throws(IndexFault) {
            let index = try RecordIndex(folder: state.index, journal: state.journal)
            index.follow(recorder)
            return index
        } catch {
            await recorder.stop()
            throw .index(error)
        }
    }

    private static func settings(
        _ configuration: GatewayConfiguration, _ files: ConfiguredFiles, _ keys: SessionTokenKeys,
        _ maskKeys: MaskKeys, _ keyring: IssuerKeyring, _ index: RecordIndex,
        version: String
    ) -> Settings {
        let (issuers, attesters) = keyring.sources(configuration, files)
        let sessionTokens = SessionTokens(
            issuer: configuration.listen.url, keys: keys,
            longest: Int64(configuration.sessionTokens.lifetime.nanoseconds / 1_000_000_000),
            binding: configuration.sessionTokens.binding)
        let authenticator = Authenticator(
            sessionTokens: sessionTokens, issuers: issuers, attestations: Attestations(attesters))
        let digest = files.authority.map { "sha256:" + HexDigits.lower(SHA256.hash(data: $0)) } ?? ""
        let discovery = Discovery(
            version: version,
            issuers: configuration.issuers.compactMap { issuer in
                issuer.signIn.map {
                    Discovery.Issuer(
                        url: issuer.url.value, clientID: $0.clientID, scopes: $0.scopes, grants: $0.grants)
                }
            }, clusters: configuration.clusters.map(\.name.value), caBundleDigest: digest,
            prompts: configuration.prompts)
        let masking = MaskingPolicy(configuration.masking, keys: maskKeys)
        let pages = GatewayPages(
            discovery: discovery, exchange: TokenExchange(authenticator: authenticator, sessionTokens: sessionTokens),
            keys: keys,
            prompts: PromptIntake(keeping: configuration.prompts, authenticator: authenticator, masking: masking),
            records: RecordPages(index: index, authenticator: authenticator, auditors: configuration.auditors))
        let clusters = zip(configuration.clusters, files.upstreams).map { cluster, upstream in
            Settings.Cluster(upstream: upstream, allowance: ClusterAllowance(limit: cluster.concurrent))
        }
        return Settings(
            authenticator: authenticator, issuers: issuers, policy: configuration.policy, clusters: clusters,
            limits: configuration.limits, tls: files.tls, pages: pages,
            masking: masking,
            customResources: configuration.asksForCustomResources ? CustomResources() : nil)
    }

    // MARK: running

    /// Begins what goes on beside the requests: the clusters' credentials and health.
    private func beginTasks(_ files: ConfiguredFiles) {
        let upstreams = files.upstreams
        var tasks = upstreams.map { upstream in Task { await upstream.keepCredentialFresh() } }
        let readiness = readiness
        tasks.append(Task { await readiness.watch(upstreams) })
        running.withLock { running in
            for task in running.tasks { task.cancel() }
            running.tasks = tasks
        }
    }

    /// Reloads when a file of the configuration changes, until the task is cancelled.
    public func reloadOnChange() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(2))
            if running.withLock({ $0.files.haveChanged() }) { await reload() }
        }
    }

    /// Reads the configuration anew. What is valid is put in force whole; otherwise the old one stays, and the faults are
    /// logged.
    public func reload() async {
        do throws(ConfigurationFaults) {
            let configuration = try GatewayConfiguration.read(file)
            let files = try await ConfiguredFiles.read(configuration)
            try await adopt(configuration, files)
        } catch {
            running.withLock { $0.files.look() }
            for fault in error.faults { services.log.error("configuration refused", metadata: ["fault": "\(fault)"]) }
            services.log.error("the configuration that was in force stays so")
        }
    }

    private func adopt(
        _ configuration: GatewayConfiguration, _ files: ConfiguredFiles
    ) async throws(ConfigurationFaults) {
        let old = running.withLock { $0.configuration }
        let keys: SessionTokenKeys
        let maskKeys: MaskKeys
        do throws(ServeFault) {
            keys = try await Self.sessionTokenKeys(files, state)
            maskKeys = try Self.maskKeys(files, state)
        } catch {
            let fault = ConfigurationFault(.inconsistent(error.advice.failure), file: file, place: nil)
            throw ConfigurationFaults(faults: [fault])
        }
        services.adopt(
            Self.settings(configuration, files, keys, maskKeys, keyring, index, version: version))
        running.withLock { running in
            running.configuration = configuration
            running.files = WatchedFiles(ConfiguredFiles.paths(configuration, file: file))
        }
        beginTasks(files)
        services.log.info("configuration reloaded")
        for (name, isSame) in [
            ("listen.address", old.listen.address == configuration.listen.address),
            ("listen.url", old.listen.url == configuration.listen.url),
            ("monitoring", old.monitoring == configuration.monitoring), ("state", old.state == configuration.state),
            ("recording", old.recording == configuration.recording),
            ("log", old.log.level == configuration.log.level && old.log.format == configuration.log.format),
        ] where !isSame {
            services.log.warning("this key takes effect at the next start only", metadata: ["key": "\(name)"])
        }
    }

    /// How many exchanges are under way.
    public func busyCount() async -> Int { await server.busyCount() }

    /// Lets what is under way end, then closes the journal.
    ///
    /// - Returns: how many exchanges were cut when the grace was over.
    public func stop() async -> Int {
        let shutdown = running.withLock { $0.configuration.shutdown }
        readiness.stop()
        let cut = await server.drain(watchGrace: shutdown.watchGrace, grace: shutdown.grace)
        running.withLock { running in for task in running.tasks { task.cancel() } }
        keyring.stop()
        await monitoring?.stop()
        await services.recorder.stop()
        await index.stop()
        try? await group.shutdownGracefully()
        return cut
    }
}
