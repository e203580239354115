import CurlTransport
import LocalState
import Vocabulary

/// What `byline setup` puts into a kubeconfig for one gateway: a cluster and a context for each of its clusters, and a
/// user who gets session tokens from the exec credential plugin.
struct SetupStanza {
    static let prefix = "byline-"

    let gateway: String
    let clusters: [String]
    let way: Way
    /// The plugin's program, by its path.
    let command: String
    /// Variables for the plugin.
    let variables: [(name: String, value: String)]

    var userName: String { Self.userName(of: gateway) }
    static func userName(of gateway: String) -> String { "byline@\(gateway.dropFirst("https://".count))" }

    func contextName(_ cluster: String) -> String { Self.prefix + cluster }

    var user: JSON {
        var exec: [JSON.Member] = [
            .init("apiVersion", "client.authentication.k8s.io/v1"), .init("command", .string(command)),
            .init("args", ["--gateway", .string(gateway)]),
        ]
        if !variables.isEmpty {
            exec.append(
                .init("env", .array(variables.map { ["name": .string($0.name), "value": .string($0.value)] })))
        }
        exec += [
            .init("interactiveMode", "IfAvailable"), .init("provideClusterInfo", false),
            .init("installHint", "byline-credential is not installed; it comes with byline"),
        ]
        var user: [JSON.Member] = [.init("exec", .object(exec))]
        if let own = way.clientCertificate {
            user += [.init("client-certificate", .string(own.certificate)), .init("client-key", .string(own.key))]
        }
        return ["name": .string(userName), "user": .object(user)]
    }

    func cluster(_ name: String) -> JSON {
        var cluster: [JSON.Member] = [.init("server", .string("\(gateway)/clusters/\(name)"))]
        if let authority = way.authority {
            cluster.append(.init("certificate-authority-data", .string(Base64.encode(authority.utf8))))
        }
        return ["name": .string(contextName(name)), "cluster": .object(cluster)]
    }

    func context(_ name: String) -> JSON {
        [
            "name": .string(contextName(name)),
            "context": ["cluster": .string(contextName(name)), "user": .string(userName)],
        ]
    }
}
