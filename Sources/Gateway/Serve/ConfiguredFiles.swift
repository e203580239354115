import Authentication
import CurlTransport
import Forwarding
import KubernetesWire
import LocalState
import Masking
import NIOSSL
import Vocabulary
import YAMLReading

/// Everything that a configuration names and that lies in a file: read, and found fit for use. `check` stops here.
struct ConfiguredFiles {
    let tls: NIOSSLContext
    /// The authority's PEM that clients are told of; nil where none is named.
    let authority: [UInt8]?
    /// nil where the key is to be kept in the state folder.
    let signingKey: SigningKey?
    let previousKeys: [SigningKey]
    /// nil where the key is to be kept in the state folder.
    let maskKeys: MaskKeys?
    let upstreams: [Upstream]
    /// By the position of the issuer: what its TLS is verified against, and its keys where they lie in a file.
    let issuers: [KeyFile]
    let attesters: [KeyFile]

    struct KeyFile: Sendable {
        let trust: Trust
        let keys: KeySet?
    }

    /// The names of the files, so that a change of one can be noticed.
    static func paths(_ configuration: GatewayConfiguration, file: String) -> [String] {
        let listen = configuration.listen
        var paths = [file, listen.certificate.value, listen.key.value]
        paths += [listen.authority, listen.clientAuthority].compactMap { $0?.value }
        paths += [configuration.sessionTokens.signingKey].compactMap { $0?.value }
        paths += configuration.sessionTokens.previousKeys.map(\.value)
        paths += [configuration.maskKeyFile].compactMap { $0?.value }
        let keys = configuration.issuers.map(\.keys) + configuration.attesters.map(\.keys)
        paths += keys.compactMap { if case .file(let path) = $0 { path.value } else { nil } }
        paths += configuration.issuers.compactMap { $0.authority?.value }
        paths += configuration.clusters.compactMap {
            if case .kubeconfig(let path, _) = $0.source { path.value } else { nil }
        }
        return paths + configuration.ruleFiles
    }

    /// Reads all of them.
    ///
    /// - Throws: all that is wrong with any of them, at once.
    static func read(_ configuration: GatewayConfiguration) async throws(ConfigurationFaults) -> ConfiguredFiles {
        var faults: [ConfigurationFault] = []
        let tls = tls(configuration.listen, &faults)
        let authority = configuration.listen.authority.flatMap { certificates($0, &faults)?.bytes }
        let signingKey = await key(configuration.sessionTokens.signingKey, &faults)
        var previousKeys: [SigningKey] = []
        for path in configuration.sessionTokens.previousKeys {
            if let key = await key(path, &faults) { previousKeys.append(key) }
        }
        let maskKeys = maskKeys(configuration.maskKeyFile, &faults)
        var issuers: [KeyFile] = []
        for issuer in configuration.issuers {
            issuers.append(await keyFile(issuer.keys, issuer.authority, issuer.algorithms, &faults))
        }
        var attesters: [KeyFile] = []
        for attester in configuration.attesters {
            attesters.append(await keyFile(attester.keys, attester.authority, Set(KeySet.algorithms), &faults))
        }
        let upstreams = configuration.clusters.compactMap { upstream($0, &faults) }
        guard let tls, faults.isEmpty else { throw ConfigurationFaults(faults: faults) }
        return ConfiguredFiles(
            tls: tls, authority: authority, signingKey: signingKey, previousKeys: previousKeys, maskKeys: maskKeys,
            upstreams: upstreams,
            issuers: issuers, attesters: attesters)
    }

    // MARK: the kinds of files

    private static func fault(_ path: Located<String>, _ cause: String) -> ConfigurationFault {
        ConfigurationFault(.badFile(path: path.value, cause: cause), file: path.file, place: path.place)
    }

    private static func bytes(
        _ path: Located<String>, isSecret: Bool, _ faults: inout [ConfigurationFault]
    ) -> [UInt8]? {
        do throws(FileFault) {
            return isSecret ? try PrivateFile.read(path.value) : try PrivateFile.readShared(path.value)
        } catch {
            faults.append(fault(path, "\(error)"))
            return nil
        }
    }

    private static func certificates(
        _ path: Located<String>, _ faults: inout [ConfigurationFault]
    ) -> (bytes: [UInt8], list: [NIOSSLCertificate])? {
        guard let bytes = bytes(path, isSecret: false, &faults) else { return nil }
        guard let list = try? NIOSSLCertificate.fromPEMBytes(bytes), !list.isEmpty else {
            faults.append(fault(path, "it holds no certificate in PEM"))
            return nil
        }
        return (bytes, list)
    }

    private static func tls(
        _ listen: GatewayConfiguration.Listen, _ faults: inout [ConfigurationFault]
    ) -> NIOSSLContext? {
        let chain = certificates(listen.certificate, &faults)
        var key: NIOSSLPrivateKey?
        if let bytes = bytes(listen.key, isSecret: true, &faults) {
            key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem)
            if key == nil { faults.append(fault(listen.key, "it holds no private key in PEM")) }
        }
        let clients = listen.clientAuthority.flatMap { certificates($0, &faults)?.list }
        guard let chain, let key else { return nil }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.list.map { .certificate($0) }, privateKey: .privateKey(key))
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["h2", "http/1.1"]
        if let clients {
            tls.trustRoots = .certificates(clients)
            tls.certificateVerification = .optionalVerification
        }
        do { return try NIOSSLContext(configuration: tls) } catch {
            faults.append(fault(listen.key, "it does not fit the certificate in \(listen.certificate.value)"))
            return nil
        }
    }

    private static func key(_ path: Located<String>?, _ faults: inout [ConfigurationFault]) async -> SigningKey? {
        guard let path else { return nil }
        do throws(SigningKey.FileProblem) { return try await SigningKey.read(path.value) } catch {
            faults.append(fault(path, "\(error)"))
            return nil
        }
    }

    private static func maskKeys(_ path: Located<String>?, _ faults: inout [ConfigurationFault]) -> MaskKeys? {
        guard let path else { return nil }
        do throws(MaskKeys.LoadFault) { return try MaskKeys.read(path.value) } catch {
            faults.append(fault(path, "\(error)"))
            return nil
        }
    }

    private static func keyFile(
        _ location: GatewayConfiguration.KeyLocation, _ authority: Located<String>?, _ algorithms: Set<String>,
        _ faults: inout [ConfigurationFault]
    ) async -> KeyFile {
        let trust = authority.flatMap { certificates($0, &faults)?.bytes }.map { Trust.authorities($0) } ?? .system
        guard case .file(let path) = location, let bytes = bytes(path, isSecret: false, &faults) else {
            return KeyFile(trust: trust, keys: nil)
        }
        guard let json = try? JSON(parsing: bytes), let keys = await KeySet(jwks: json, algorithms: algorithms),
            !keys.isEmpty
        else {
            faults.append(fault(path, "it is no JWK set with a key that can verify a signature"))
            return KeyFile(trust: trust, keys: nil)
        }
        return KeyFile(trust: trust, keys: keys)
    }

    private static func upstream(
        _ cluster: GatewayConfiguration.Cluster, _ faults: inout [ConfigurationFault]
    ) -> Upstream? {
        let named = cluster.name.map(\.description)
        do throws(UpstreamFault) {
            switch cluster.source {
            case .inCluster:
                guard let facts = InCluster.facts(ProcessEnvironment.variables()) else {
                    faults.append(
                        ConfigurationFault(
                            .inconsistent(
                                "inCluster: this program does not run in a pod: KUBERNETES_SERVICE_HOST is not set"),
                            file: named.file, place: named.place))
                    return nil
                }
                return try Upstream(
                    cluster: cluster.name.value, facts, impersonatesCaller: cluster.impersonatesCaller)
            case .kubeconfig(let path, let context):
                guard let facts = facts(path, context, &faults) else { return nil }
                return try Upstream(
                    cluster: cluster.name.value, facts, impersonatesCaller: cluster.impersonatesCaller)
            }
        } catch {
            let place = if case .kubeconfig(let path, _) = cluster.source { path } else { named }
            faults.append(fault(place, Refusal.sentence(error)))
            return nil
        }
    }

    private static func facts(
        _ path: Located<String>, _ context: String?, _ faults: inout [ConfigurationFault]
    ) -> KubeconfigUpstream? {
        // It holds the cluster's credential, or names the files that do.
        guard let bytes = bytes(path, isSecret: true, &faults) else { return nil }
        do throws(KubeconfigFault) {
            var kubeconfig = Kubeconfig()
            try kubeconfig.add(bytes, file: path.value)
            return try kubeconfig.upstream(context: context)
        } catch {
            faults.append(fault(path, "\(error.advice.failure) (\(error.advice.hint))"))
            return nil
        }
    }
}

/// The API server of the cluster in which this program itself runs, as every pod is told of it.
enum InCluster {
    private static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"

    static func facts(_ environment: [String: String]) -> KubeconfigUpstream? {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"],
            let server = ServerAddress("https://\(host.contains(":") ? "[\(host)]" : host):\(port)")
        else { return nil }
        return KubeconfigUpstream(
            context: "in-cluster", server: server, certificateAuthority: .file("\(folder)/ca.crt"),
            credential: .tokenFile("\(folder)/token"))
    }
}
