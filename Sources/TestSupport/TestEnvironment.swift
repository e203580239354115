import Foundation
import LocalState

/// What `make test` brought up, as it stands in the environment.
public struct TestEnvironment: Sendable {
    /// The administrator's kubeconfig.
    public let kubeconfig: String
    /// The kubeconfig that a gateway is given.
    public let gatewayKubeconfig: String
    /// The API server's own audit log.
    public let auditLog: String
    /// True where the cluster has a node, so that pods run.
    public let hasNode: Bool
    public let kubectl: String
    /// The folder of the built programs.
    public let programs: String

    /// Returns nil where no cluster was brought up: run `make test`.
    public static let current: TestEnvironment? = {
        let variables = ProcessInfo.processInfo.environment
        guard let kubeconfig = variables["KUBECONFIG"], let auditLog = variables["BYLINE_TEST_AUDIT_LOG"],
            let kubectl = variables["BYLINE_TEST_KUBECTL"], let programs = variables["BYLINE_TEST_BIN"]
        else { return nil }
        return TestEnvironment(
            kubeconfig: kubeconfig, gatewayKubeconfig: variables["BYLINE_TEST_GATEWAY_KUBECONFIG"] ?? kubeconfig,
            auditLog: auditLog, hasNode: variables["BYLINE_TEST_NODE"] == "1", kubectl: kubectl,
            programs: programs)
    }()

    /// The requests that the API server saw, by the id that the gateway minted.
    public func auditIDs() throws -> Set<String> {
        let text = try String(contentsOfFile: auditLog, encoding: .utf8)
        return Set(text.split(separator: "\n").compactMap { Self.auditID($0) })
    }

    /// The gateway's kubeconfig with another credential: a user's fields, as YAML on one line.
    public func gatewayKubeconfig(withUser user: String) throws -> String {
        let text = String(decoding: try PrivateFile.readShared(gatewayKubeconfig), as: UTF8.self)
        func line(_ key: String) -> String {
            text.split(separator: "\n").first { $0.contains("\(key):") }.map { "\($0)" } ?? ""
        }
        func value(_ key: String) -> String {
            line(key).split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
        }
        let data = "certificate-authority-data"
        let authority = line(data).isEmpty ? "certificate-authority" : data
        return """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: \(value("server")), \(authority): \(value(authority))}}]
            users: [{name: u, user: \(user)}]

            """
    }

    private static func auditID(_ line: Substring) -> String? {
        guard let start = line.range(of: "\"auditID\":\"")?.upperBound, let end = line[start...].firstIndex(of: "\"")
        else { return nil }
        return String(line[start..<end])
    }
}

/// A folder that goes away with the value.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws {
        path = FileManager.default.temporaryDirectory.path + "/byline-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Asks until the answer is yes, for at most 20 seconds.
public func eventually(
    every pause: Duration = .milliseconds(20), _ condition: () async throws -> Bool
) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try await Task.sleep(for: pause)
    }
    return false
}
