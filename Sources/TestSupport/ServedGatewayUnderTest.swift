public import Authentication
import Crypto
import Foundation
import LocalState
import LoopbackTLS
public import Vocabulary

/// A `byline-gateway serve` that a test has started on a configuration of its own. Its issuer and its attester are keys
/// in files, so that the test can say anything in their names.
public final class ServedGatewayUnderTest: Sendable {
    /// An HTTP answer as curl got it.
    public struct Answer: Sendable {
        public let status: Int
        public let headers: String
        public let body: String
    }

    public static let issuer = "https://issuer.example"
    public static let attester = "https://attester.example"

    public let environment: TestEnvironment
    public let folder: TemporaryFolder
    public let issuerKey: SigningKey
    public let attesterKey: SigningKey
    public let url: String
    public let port: Int
    public let monitoring: String
    private let program: RunningProgram

    private init(
        _ environment: TestEnvironment, _ folder: TemporaryFolder, _ issuerKey: SigningKey, _ attesterKey: SigningKey,
        _ ready: JSON, _ port: Int, _ program: RunningProgram
    ) {
        self.environment = environment
        self.folder = folder
        self.issuerKey = issuerKey
        self.attesterKey = attesterKey
        self.port = port
        self.program = program
        url = ready["gateway"]?.string ?? ""
        monitoring = ready["monitoring"]?.string ?? ""
    }

    /// Starts it and waits until it accepts connections. `rules` are the policy's, as YAML; `more` is further sections of
    /// the configuration, `tls` further keys of `listen.tls`, each beginning with a comma. With `clientAuthority` it makes
    /// `clients.crt` and a client's certificate of it, `client.crt` and `client.key`.
    public static func start(
        _ environment: TestEnvironment, rules: String = "  - {name: all, effect: allow}", more: String = "",
        tls: String = "", kubeconfig: String? = nil, impersonate: String = "none", clientAuthority: Bool = false
    ) async throws -> ServedGatewayUnderTest {
        let folder = try TemporaryFolder()
        let issuerKey = try await SigningKey.es256(.init())
        let attesterKey = try await SigningKey.ed25519(.init())
        let authority = try CertificateAuthority(named: "test", validFor: 1)
        let server = try authority.issueServerCertificate(names: ["localhost"], addresses: ["127.0.0.1"], validFor: 1)
        for (name, text) in [
            ("ca.crt", authority.certificatePEM), ("ca.key", authority.privateKeyPEM),
            ("server.crt", server.certificatePEM), ("server.key", server.privateKeyPEM),
            ("issuer.jwks", keySet(issuerKey)),
            ("attester.jwks", keySet(attesterKey)),
        ] {
            try PrivateFile.replaceAtomically("\(folder.path)/\(name)", with: Array(text.utf8))
        }
        if clientAuthority { try await makeClient(folder) }
        // A port that is free now may be taken a moment later: another one then.
        for _ in 0..<3 {
            let port = try BoundSocket(host: "127.0.0.1", port: 0).port
            let configuration = configuration(
                port: port, kubeconfig ?? environment.gatewayKubeconfig, impersonate, rules: rules, more: more, tls: tls
            )
            try PrivateFile.replaceAtomically("\(folder.path)/gateway.yaml", with: Array(configuration.utf8))
            let program = try RunningProgram(
                "\(environment.programs)/byline-gateway",
                ["serve", "--config", "\(folder.path)/gateway.yaml", "--ready-file", "\(folder.path)/ready"],
                environment: ["PATH": "/usr/bin:/bin", "HOME": folder.path])
            let isReady = try await eventually {
                FileManager.default.fileExists(atPath: "\(folder.path)/ready") || kill(program.pid, 0) != 0
            }
            guard isReady, let ready = try? JSON(parsing: PrivateFile.readShared("\(folder.path)/ready")) else {
                let said = await program.result().error
                guard said.contains("in use") else { throw GatewayUnderTest.NotReady(printed: said) }
                continue
            }
            return ServedGatewayUnderTest(environment, folder, issuerKey, attesterKey, ready, port, program)
        }
        throw GatewayUnderTest.NotReady(printed: "no port could be had")
    }

    private static func makeClient(_ folder: TemporaryFolder) async throws {
        let script = """
            cd \(folder.path) && umask 077
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=clients -keyout clients.key -out clients.crt
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=client -keyout client.key -out client.csr
            printf 'extendedKeyUsage=clientAuth\\n' > client.ext
            openssl x509 -req -in client.csr -CA clients.crt -CAkey clients.key -CAcreateserial -days 1 -extfile client.ext -out client.crt
            """
        let made = try await RunningProgram.run("/bin/sh", ["-ec", script], environment: ["PATH": "/usr/bin:/bin"])
        guard made.code == 0 else { throw GatewayUnderTest.NotReady(printed: made.error) }
    }

    private static func keySet(_ key: SigningKey) -> String {
        String(decoding: JSON.object([JSON.Member("keys", [key.jwk])]).canonicalBytes, as: UTF8.self)
    }

    private static func configuration(
        port: Int, _ kubeconfig: String, _ impersonate: String, rules: String, more: String, tls: String
    ) -> String {
        """
        apiVersion: byline.dev/v1
        kind: Gateway
        listen:
          address: 127.0.0.1:\(port)
          url: https://127.0.0.1:\(port)
          tls: {certificateFile: server.crt, keyFile: server.key, authorityFile: ca.crt\(tls)}
        monitoring: {address: "127.0.0.1:0"}
        state: state
        issuers:
        - url: \(issuer)
          audiences: [byline]
          keys: {file: issuer.jwks}
        - url: https://kubernetes.default.svc
          audiences: [byline]
          reservedNames: serviceAccounts
          keys: {cluster: test}
        attestations:
        - {issuer: "\(attester)", audiences: [byline], keys: {file: attester.jwks}}
        clusters:
        - name: test
          kubeconfig: {file: \(kubeconfig)}
          impersonate: \(impersonate)
        auditors: {users: [auditor]}
        policy:
          rules:
        \(rules)
        \(more)

        """
    }

    // MARK: tokens

    /// A token of the issuer.
    public func token(_ user: String, groups: [String] = [], lifetime: Int64 = 600) throws -> String {
        try sign(
            issuerKey, issuer: Self.issuer, lifetime: lifetime, ["sub": .string(user), "groups": .strings(groups)])
    }

    /// Writes a kubeconfig with a user's token, and gives its path.
    public func kubeconfig(for user: String) throws -> String {
        let path = "\(folder.path)/\(user).kubeconfig"
        let text = """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "\(url)/clusters/test", certificate-authority: "\(folder.path)/ca.crt"}}]
            users: [{name: u, user: {token: "\(try token(user))"}}]

            """
        try PrivateFile.replaceAtomically(path, with: Array(text.utf8))
        return path
    }

    /// An attestation of the attester.
    public func attestation(_ fields: [String: String], lifetime: Int64 = 60) throws -> String {
        try sign(attesterKey, issuer: Self.attester, lifetime: lifetime, fields.mapValues { .string($0) })
    }

    private func sign(
        _ key: SigningKey, issuer: String, lifetime: Int64, _ claims: [String: JSON]
    ) throws -> String {
        let now = Timestamp.now().seconds
        var members = claims.map { JSON.Member($0.key, $0.value) }
        members += [
            .init("iss", .string(issuer)), .init("aud", "byline"), .init("iat", .integer(now)),
            .init("exp", .integer(now + lifetime)),
        ]
        return try key.sign(.object(members), type: "JWT")
    }

    // MARK: requests

    /// Runs kubectl at the cluster itself, as its administrator.
    public func direct(_ arguments: [String]) async throws -> RunningProgram.Result {
        try await RunningProgram.run(
            environment.kubectl, ["--kubeconfig", environment.kubeconfig] + arguments,
            environment: ["HOME": folder.path, "PATH": "/usr/bin:/bin"])
    }

    /// Sends a request with curl. Headers and the body go through a file, so that no token stands in a command line.
    public func send(
        _ method: String = "GET", _ path: String, token: String?, headers: [String] = [], body: String? = nil,
        options: [String] = []
    ) async throws -> Answer {
        let name = "\(folder.path)/\(UUID().uuidString)"
        var lines = headers.map { "header = \"\($0.replacingOccurrences(of: "\"", with: "\\\""))\"" }
        if let token { lines.append("header = \"Authorization: Bearer \(token)\"") }
        if let body {
            try PrivateFile.replaceAtomically("\(name).body", with: Array(body.utf8))
            lines.append("data-binary = \"@\(name).body\"")
        }
        try PrivateFile.replaceAtomically("\(name).curl", with: Array(lines.joined(separator: "\n").utf8))
        let result = try await RunningProgram.run(
            "/usr/bin/curl",
            [
                "--silent", "--show-error", "--noproxy", "*", "--cacert", "\(folder.path)/ca.crt", "--config",
                "\(name).curl", "--request", method, "--dump-header", "\(name).head",
            ] + options + [url + path], environment: [:])
        let head = (try? String(contentsOfFile: "\(name).head", encoding: .utf8)) ?? ""
        let status = head.split(separator: "\r\n").last { $0.hasPrefix("HTTP/") }?.split(separator: " ").dropFirst()
            .first
        return Answer(status: status.flatMap { Int($0) } ?? 0, headers: head, body: result.output + result.error)
    }

    /// What the monitoring listener answers.
    public func monitor(_ path: String) async throws -> Answer {
        let result = try await RunningProgram.run(
            "/usr/bin/curl", ["--silent", "--noproxy", "*", "--write-out", "\n%{http_code}", monitoring + path],
            environment: [:])
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        return Answer(
            status: lines.last.flatMap { Int($0) } ?? 0, headers: "", body: lines.dropLast().joined(separator: "\n"))
    }

    /// The exchanges that are recorded, the latest session first, as an auditor reads them.
    public func recorded() async throws -> [JSON] {
        let auditor = try token("auditor")
        let sessions = try JSON(parsing: await send("GET", "/byline/v1/sessions?limit=1000", token: auditor).body)
        var exchanges: [JSON] = []
        for session in sessions["sessions"]?.array ?? [] {
            let path = "/byline/v1/sessions/\(session["session"]?.string ?? "")?limit=1000"
            exchanges += try JSON(parsing: await send("GET", path, token: auditor).body)["exchanges"]?.array ?? []
        }
        return exchanges
    }

    /// What it has written to its log.
    public func log() -> String { program.saidOnError }

    /// Puts another text in place of a part of the configuration, as an operator's editor does.
    public func edit(_ old: String, _ new: String) throws {
        let path = "\(folder.path)/gateway.yaml"
        let text = String(decoding: try PrivateFile.read(path), as: UTF8.self)
        try PrivateFile.replaceAtomically(path, with: Array(text.replacingOccurrences(of: old, with: new).utf8))
    }

    public func signal(_ number: Int32) { program.signal(number) }

    /// Ends it as a supervisor does, and waits.
    @discardableResult
    public func stop() async -> RunningProgram.Result {
        program.signal(SIGTERM)
        return await program.result()
    }
}
