import Authentication
import Authorization
import KubernetesWire
import Recording
import Vocabulary
import YAMLReading

extension GatewayConfiguration {
    /// Reads a configuration file.
    ///
    /// - Throws: all that is wrong with it, at once.
    static func read(_ file: String) throws(ConfigurationFaults) -> GatewayConfiguration {
        let reader = ConfigurationReader(file: file)
        let configuration = reader.root().flatMap { Self($0) }
        guard let configuration, reader.faults.isEmpty else {
            let order = { (fault: ConfigurationFault) in (fault.place?.line ?? 0, fault.place?.column ?? 0) }
            throw ConfigurationFaults(faults: reader.faults.sorted { order($0) < order($1) })
        }
        return configuration
    }

    /// Returns nil where something is missing without which there is no configuration; every fault is with the reader.
    private init?(_ root: ConfigurationSection) {
        let reader = root.reader
        defer { root.finish() }
        for (key, word) in [("apiVersion", "byline.dev/v1"), ("kind", "Gateway")] {
            _ = root.required(key, root.scalar(key, expected: word) { $0 == word ? word : nil })
        }
        let listen = root.required("listen", root.section("listen")).flatMap(Self.listen)
        let monitoring = root.section("monitoring").flatMap { section -> ListenAddress? in
            defer { section.finish() }
            return section.required("address", Self.address(section))
        }
        let state = root.required("state", root.path("state"))
        let (recording, recordedBodyBytes, prompts) = Self.recording(root.section("recording"))
        let tokens = Self.sessionTokens(root.section("sessionTokens"))
        let issuers = root.required("issuers", root.sections("issuers"))?.compactMap(Self.issuer) ?? []
        let attesters = root.sections("attestations")?.compactMap(Self.attester) ?? []
        let clusters = root.required("clusters", root.sections("clusters"))?.compactMap(Self.cluster) ?? []
        let policy = root.required("policy", root.section("policy")).flatMap { PolicyReading.policy($0) }
        let auditors = root.section("auditors").map { section in
            defer { section.finish() }
            return PolicyReading.subjects(section)
        }
        let masking = MaskingReading.masking(root.section("masking"))
        var limits = Self.limits(root.section("limits"))
        limits.recordedBodyBytes = recordedBodyBytes
        let shutdown = Self.shutdown(root.section("shutdown"))
        let log = Self.log(root.section("log"))
        Self.checkDistinct(issuers.map(\.url), kind: "issuer", reader)
        Self.checkDistinct(clusters.map { $0.name.map(\.description) }, kind: "cluster", reader)
        Self.checkClusters(issuers, attesters, clusters, reader)
        guard let listen, let state, let policy else { return nil }
        self.init(
            listen: listen, monitoring: monitoring, state: state.value, recording: recording, prompts: prompts,
            sessionTokens: tokens, issuers: issuers, attesters: attesters, clusters: clusters, policy: policy.policy,
            ruleFiles: (policy.file.map { [$0] } ?? []) + (masking.files ?? []), auditors: auditors,
            masking: masking.rules, asksForCustomResources: masking.files == nil, maskKeyFile: masking.keyFile,
            limits: limits, shutdown: shutdown,
            log: log)
        if tokens.binding != .never, listen.clientAuthority == nil {
            reader.fault(
                .inconsistent("sessionTokens.boundToCertificate needs listen.tls.clientAuthorityFile"), at: root.place)
        }
    }

    // MARK: the sections

    private static func address(_ section: ConfigurationSection) -> ListenAddress? {
        section.scalar("address", expected: "HOST:PORT", ListenAddress.init)?.value
    }

    private static func listen(_ section: ConfigurationSection) -> Listen? {
        defer { section.finish() }
        let address = section.required("address", address(section))
        let url = section.required(
            "url",
            section.scalar("url", expected: "an https URL without a path") { ServerAddress($0) == nil ? nil : $0 })
        guard let tls = section.required("tls", section.section("tls")) else { return nil }
        defer { tls.finish() }
        let certificate = tls.required("certificateFile", tls.path("certificateFile"))
        let key = tls.required("keyFile", tls.path("keyFile"))
        let authority = tls.path("authorityFile")
        let clientAuthority = tls.path("clientAuthorityFile")
        guard let address, let url, let certificate, let key else { return nil }
        let plain = url.value.hasSuffix("/") ? String(url.value.dropLast()) : url.value
        return Listen(
            address: address, url: plain, certificate: certificate, key: key, authority: authority,
            clientAuthority: clientAuthority)
    }

    /// How to record, how many bytes of a body, and what of prompts.
    private static func recording(
        _ section: ConfigurationSection?
    ) -> (RecorderConfiguration, bodyBytes: Int?, PromptKeeping) {
        var recording = RecorderConfiguration()
        guard let section else { return (recording, nil, .digest) }
        defer { section.finish() }
        recording.durability = section.choice("durability") ?? recording.durability
        recording.patience = section.duration("patience")?.milliseconds ?? recording.patience
        if let segments = section.section("segments") {
            recording.segmentBytes = segments.size("bytes").map(Int64.init) ?? recording.segmentBytes
            recording.segmentAge = segments.duration("age")?.seconds ?? recording.segmentAge
            segments.finish()
            if recording.segmentBytes < 1 << 20 || recording.segmentAge < 60 {
                section.reader.fault(
                    .inconsistent("recording.segments: bytes must be 1MiB or more, age 1m or more"), at: segments.place)
            }
        }
        if let retention = section.section("retention") {
            recording.retention.age = retention.duration("age")?.seconds ?? recording.retention.age
            recording.retention.bytes = retention.size("bytes").map(Int64.init)
            retention.finish()
        }
        return (recording, section.size("bodyBytes"), section.choice("prompts") ?? .digest)
    }

    private static func sessionTokens(_ section: ConfigurationSection?) -> SessionTokenSettings {
        var settings = SessionTokenSettings()
        guard let section else { return settings }
        defer { section.finish() }
        settings.signingKey = section.path("signingKeyFile")
        settings.previousKeys = section.texts("previousKeyFiles")?.map { $0.map(section.reader.resolve) } ?? []
        settings.lifetime = section.duration("lifetime") ?? settings.lifetime
        settings.binding = section.choice("boundToCertificate") ?? settings.binding
        return settings
    }

    private static func keys(_ section: ConfigurationSection) -> KeyLocation? {
        guard let node = section.node("keys") else { return nil }
        if node.text == "discovery" { return .discovery }
        guard node.entries != nil, let keys = section.reader.section(node, named: "keys") else {
            section.reader.fault(
                .expected("discovery, or a mapping with one of url, file, cluster", forKey: "keys"), at: node.place)
            return nil
        }
        defer { keys.finish() }
        let url = keys.scalar("url", expected: "an https URL") { $0.hasPrefix("https://") ? $0 : nil }
        let file = keys.path("file")
        let cluster = keys.scalar("cluster", expected: "a cluster's name", ClusterName.init)
        switch (url, file, cluster) {
        case (let url?, nil, nil): return .url(url)
        case (nil, let file?, nil): return .file(file)
        case (nil, nil, let cluster?): return .cluster(cluster)
        default:
            section.reader.fault(.expected("a mapping with one of url, file, cluster", forKey: "keys"), at: node.place)
            return nil
        }
    }

    private static func audiences(_ section: ConfigurationSection) -> [String] {
        guard let names = section.required("audiences", section.texts("audiences")) else { return [] }
        if names.isEmpty { section.reader.fault(.expected("one name or more", forKey: "audiences"), at: section.place) }
        return names.map(\.value)
    }

    private static func issuer(_ section: ConfigurationSection) -> Issuer? {
        defer { section.finish() }
        let url = section.required(
            "url", section.scalar("url", expected: "an https URL") { $0.hasPrefix("https://") ? $0 : nil })
        let audiences = audiences(section)
        guard let url else { return nil }
        var issuer = Issuer(url: url, audiences: audiences)
        issuer.authorizedParties = section.texts("authorizedParties")?.map(\.value) ?? []
        issuer.authority = section.path("certificateAuthorityFile")
        issuer.keys = keys(section) ?? .discovery
        if let algorithms = section.texts("algorithms") {
            issuer.algorithms = Set(algorithms.map(\.value))
            for algorithm in algorithms where !KeySet.algorithms.contains(algorithm.value) {
                section.reader.fault(
                    .unknownName(algorithm.value, kind: "algorithm that is accepted", known: KeySet.algorithms),
                    at: algorithm.place)
            }
        }
        issuer.staleKeys = section.duration("staleKeys") ?? issuer.staleKeys
        issuer.mapping.reservedNames = section.choice("reservedNames") ?? .deny
        if issuer.mapping.reservedNames == .serviceAccounts {
            // As TokenReview has it: never the name, which a new ServiceAccount may have again.
            issuer.mapping.uid = ClaimPath("/kubernetes.io/serviceaccount/uid")
        }
        if let names = section.texts("clusters") {
            issuer.clusters = names.compactMap { name in
                guard let cluster = ClusterName(name.value) else {
                    section.reader.fault(.expected("names of clusters", forKey: "clusters"), at: name.place)
                    return nil
                }
                return name.map { _ in cluster }
            }
        }
        if let claims = section.section("claims") { readClaims(claims, &issuer.mapping) }
        issuer.mapping.required =
            section.map("requiredClaims")?.compactMap { entry in
                json(entry.value).map { (ClaimPath(entry.key), $0) }
            } ?? []
        issuer.signIn = section.section("signIn").flatMap(signIn)
        return issuer
    }

    private static func readClaims(_ section: ConfigurationSection, _ mapping: inout ClaimMapping) {
        defer { section.finish() }
        func claim(_ key: String) -> (path: String, prefix: String)? {
            guard let part = section.section(key) else { return nil }
            defer { part.finish() }
            let prefix = key == "uid" ? nil : part.scalar("prefix", expected: "text") { $0 }
            return part.required("claim", part.text("claim")).map { ($0.value, prefix?.value ?? "") }
        }
        if let username = claim("username") {
            mapping.username = ClaimPath(username.path)
            mapping.usernamePrefix = username.prefix
        }
        if let uid = claim("uid") { mapping.uid = ClaimPath(uid.path) }
        if let groups = claim("groups") {
            mapping.groups = ClaimPath(groups.path)
            mapping.groupsPrefix = groups.prefix
        }
        for entry in section.map("extra") ?? [] {
            guard let path = entry.value.text, isExtraKey(entry.key) else {
                section.reader.fault(
                    .expected("domain-prefixed keys in lower case, each with a claim's name", forKey: "extra"),
                    at: entry.keyPlace)
                continue
            }
            mapping.extra[entry.key] = ClaimPath(path)
        }
    }

    /// `example.com/team`: what can stand, in lower case, in an `Impersonate-Extra-` header. `byline.dev` is the gateway's.
    private static func isExtraKey(_ key: String) -> Bool {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0].contains(".") && !parts[1].isEmpty && parts[0] != "byline.dev"
            && key.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || "-._/".utf8.contains(byte)
            }
    }

    private static func json(_ node: YAMLNode) -> JSON? {
        switch node.content {
        case .scalar(let text, let isPlain):
            if isPlain, let bool = node.bool { return .bool(bool) }
            return isPlain && Int(text) != nil ? .number(text) : .string(text)
        case .sequence(let elements): return .array(elements.compactMap(json))
        case .mapping: return nil
        }
    }

    private static func signIn(_ section: ConfigurationSection) -> SignIn? {
        defer { section.finish() }
        let clientID = section.required("clientID", section.text("clientID"))
        let scopes = section.texts("scopes")?.map(\.value)
        let grants = section.texts("grants")?.map(\.value)
        guard let clientID else { return nil }
        var signIn = SignIn(clientID: clientID.value)
        if let scopes { signIn.scopes = scopes }
        if let grants {
            signIn.grants = grants.map { $0 == "device_code" ? "urn:ietf:params:oauth:grant-type:device_code" : $0 }
        }
        return signIn
    }

    private static func attester(_ section: ConfigurationSection) -> Attester? {
        defer { section.finish() }
        let issuer = section.required("issuer", section.text("issuer"))
        let audiences = audiences(section)
        let authority = section.path("certificateAuthorityFile")
        let keys = section.required("keys", keys(section))
        guard let issuer, let keys else { return nil }
        return Attester(issuer: issuer, audiences: audiences, authority: authority, keys: keys)
    }

    private static func cluster(_ section: ConfigurationSection) -> Cluster? {
        enum Impersonation: String, CaseIterable { case caller, none }
        defer { section.finish() }
        let name = section.required(
            "name",
            section.scalar(
                "name", expected: "lower-case letters, digits and hyphens, at most 63", ClusterName.init))
        let kubeconfig = section.section("kubeconfig").flatMap { part -> Cluster.Source? in
            defer { part.finish() }
            let context = part.text("context")?.value
            return part.required("file", part.path("file")).map { .kubeconfig(path: $0, context: context) }
        }
        let isInCluster = section.flag("inCluster") ?? false
        let impersonation: Impersonation = section.choice("impersonate") ?? .caller
        let limits = section.section("limits")
        let concurrent = limits?.count("concurrent")
        limits?.finish()
        if (kubeconfig != nil) == isInCluster {
            section.reader.fault(
                .inconsistent("a cluster needs either \"kubeconfig\" with a \"file\", or \"inCluster: true\""),
                at: section.place)
            return nil
        }
        guard let name else { return nil }
        return Cluster(
            name: name, source: kubeconfig ?? .inCluster, impersonatesCaller: impersonation == .caller,
            concurrent: concurrent)
    }

    private static func limits(_ section: ConfigurationSection?) -> Limits {
        var limits = Limits()
        guard let section else { return limits }
        defer { section.finish() }
        if let part = section.section("perIdentity") {
            limits.perIdentity.concurrent = part.count("concurrent") ?? limits.perIdentity.concurrent
            limits.perIdentity.streams = part.count("streams") ?? limits.perIdentity.streams
            limits.perIdentity.requestsPerSecond =
                part.count("requestsPerSecond") ?? limits.perIdentity.requestsPerSecond
            limits.perIdentity.burst =
                part.count("burst") ?? max(limits.perIdentity.burst, limits.perIdentity.requestsPerSecond)
            part.finish()
        }
        limits.requestHeaderTimeout = section.duration("requestHeaderTimeout") ?? limits.requestHeaderTimeout
        limits.requestBodyTimeout = section.duration("requestBodyTimeout") ?? limits.requestBodyTimeout
        limits.idleTimeout = section.duration("idleTimeout") ?? limits.idleTimeout
        limits.connectionAge = section.duration("connectionAge") ?? limits.connectionAge
        limits.connections = section.count("connections")
        limits.connectionsPerAddress = section.count("connectionsPerAddress")
        limits.headerBytes = section.size("headerBytes") ?? limits.headerBytes
        limits.bodyBytes = section.size("bodyBytes") ?? limits.bodyBytes
        return limits
    }

    private static func shutdown(_ section: ConfigurationSection?) -> Shutdown {
        defer { section?.finish() }
        return Shutdown(
            grace: section?.duration("grace") ?? .seconds(30),
            watchGrace: section?.duration("watchGrace") ?? .seconds(5))
    }

    private static func log(_ section: ConfigurationSection?) -> Log {
        defer { section?.finish() }
        return Log(level: section?.choice("level") ?? .info, format: section?.choice("format") ?? .json)
    }

    // MARK: what must fit together

    private static func checkDistinct(_ names: [Located<String>], kind: String, _ reader: ConfigurationReader) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name.value).inserted {
            reader.fault(.duplicate(name.value, kind: kind), at: name.place)
        }
    }

    private static func checkClusters(
        _ issuers: [Issuer], _ attesters: [Attester], _ clusters: [Cluster], _ reader: ConfigurationReader
    ) {
        let known = clusters.map(\.name.value)
        for issuer in issuers {
            for name in issuer.clusters ?? [] where !known.contains(name.value) {
                reader.fault(
                    .unknownName(name.value.description, kind: "cluster", known: known.map(\.description)),
                    at: name.place)
            }
            // Every cluster has a ServiceAccount of the same name: its token must not open another cluster.
            if issuer.mapping.reservedNames == .serviceAccounts, issuer.clusters == nil, clusters.count > 1 {
                reader.fault(
                    .inconsistent(
                        "an issuer with \"reservedNames: serviceAccounts\" needs \"clusters: [NAME]\" where there are several clusters: "
                            + "ServiceAccounts of one cluster have the names of another's"),
                    at: issuer.url.place)
            }
        }
        for keys in issuers.map(\.keys) + attesters.map(\.keys) {
            guard case .cluster(let name) = keys, !known.contains(name.value) else { continue }
            reader.fault(
                .unknownName(name.value.description, kind: "cluster", known: known.map(\.description)), at: name.place)
        }
    }
}
