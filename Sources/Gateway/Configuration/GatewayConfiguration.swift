import Authentication
import Authorization
import Masking
import Recording
import Vocabulary

/// The gateway's configuration as it was read: every key with its type and its default. How each is written stands in
/// `ExampleConfiguration`.
struct GatewayConfiguration: Sendable {
    var listen: Listen
    var monitoring: ListenAddress?
    var state: String
    var recording = RecorderConfiguration()
    /// What is done with the texts of prompts.
    var prompts = PromptKeeping.digest
    var sessionTokens = SessionTokenSettings()
    var issuers: [Issuer] = []
    var attesters: [Attester] = []
    var clusters: [Cluster] = []
    var policy: Policy
    /// Files other than the configuration itself in which rules stand, of the policy or of masking.
    var ruleFiles: [String] = []
    /// Who may read the record; nil for nobody.
    var auditors: Rule.Subjects?
    var masking = MaskingConfiguration()
    /// True where the clusters are asked for their CustomResourceDefinitions, since no files are named.
    var asksForCustomResources = true
    /// nil for one in the state folder.
    var maskKeyFile: Located<String>?
    var limits = Limits()
    var shutdown = Shutdown()
    var log = Log()

    struct Listen: Sendable {
        var address: ListenAddress
        /// Without a slash at its end.
        var url: String
        var certificate: Located<String>
        var key: Located<String>
        var authority: Located<String>?
        var clientAuthority: Located<String>?
    }

    struct SessionTokenSettings: Sendable {
        var signingKey: Located<String>?
        var previousKeys: [Located<String>] = []
        var lifetime = Duration.seconds(3_600)
        var binding = CertificateBinding.never
    }

    /// Where an issuer's keys are.
    enum KeyLocation: Sendable {
        case discovery
        case url(Located<String>)
        case file(Located<String>)
        /// The API server's own, for ServiceAccount tokens.
        case cluster(Located<ClusterName>)
    }

    struct Issuer: Sendable {
        var url: Located<String>
        var audiences: [String] = []
        var authorizedParties: [String] = []
        var authority: Located<String>?
        var keys = KeyLocation.discovery
        var algorithms = Set(KeySet.algorithms)
        var staleKeys = Duration.seconds(24 * 3_600)
        var mapping = ClaimMapping()
        /// The clusters for which its tokens are taken; nil for all.
        var clusters: [Located<ClusterName>]?
        var signIn: SignIn?
    }

    /// What `/.well-known/byline` tells clients of an issuer.
    struct SignIn: Sendable {
        var clientID: String
        var scopes = ["openid", "offline_access"]
        var grants = ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code", "refresh_token"]
    }

    struct Attester: Sendable {
        var issuer: Located<String>
        var audiences: [String]
        var authority: Located<String>?
        var keys: KeyLocation
    }

    struct Cluster: Sendable {
        var name: Located<ClusterName>
        var source: Source
        var impersonatesCaller = true
        /// Exchanges at once; nil for any number.
        var concurrent: Int?

        enum Source: Sendable {
            case kubeconfig(path: Located<String>, context: String?)
            case inCluster
        }
    }

    struct Limits: Sendable {
        var perIdentity = PerIdentity()
        var requestHeaderTimeout = Duration.seconds(10)
        var requestBodyTimeout = Duration.seconds(60)
        var idleTimeout = Duration.seconds(300)
        var connectionAge = Duration.seconds(3_600)
        /// Callers' connections at once; nil for as many as the file descriptors allow.
        var connections: Int?
        /// A caller's connections from one address; nil for three quarters of `connections`.
        var connectionsPerAddress: Int?
        var headerBytes = 80 << 10
        var bodyBytes = 3 << 30
        /// The bytes of a body that are recorded; what follows is declared left out. Nil for all.
        var recordedBodyBytes: Int?

        /// For a gateway with one person on one machine.
        static var unbounded: Limits {
            var limits = Limits()
            limits.perIdentity = PerIdentity(
                concurrent: 1_000_000, streams: 1_000_000, requestsPerSecond: 1_000_000, burst: 1_000_000)
            return limits
        }

        struct PerIdentity: Hashable, Sendable {
            var concurrent = 200
            /// Watches, followed logs and upgraded connections at once.
            var streams = 100
            var requestsPerSecond = 100
            var burst = 200
        }
    }

    struct Shutdown: Sendable {
        var grace = Duration.seconds(30)
        var watchGrace = Duration.seconds(5)
    }

    struct Log: Sendable {
        enum Level: String, CaseIterable, Sendable { case error, warning, info, debug }
        enum Format: String, CaseIterable, Sendable { case json, text }

        var level = Level.info
        var format = Format.json
    }
}

/// An address to listen on.
struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    let host: String
    let port: Int

    /// Reads `HOST:PORT`, an IPv6 address in brackets.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
