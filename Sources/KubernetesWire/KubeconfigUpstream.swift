import Vocabulary
import YAMLReading

/// A kubeconfig's `exec`: the program that gives credentials out (client-go's exec credential plugins).
public struct ExecPlugin: Hashable, Sendable {
    /// `client.authentication.k8s.io/v1` or `…/v1beta1`.
    public let apiVersion: String
    /// The program and its arguments.
    public let command: [String]
    public let environment: [String: String]
    /// What a person should do who does not have the program.
    public let installHint: String?
    /// True where the program is to be told of the cluster.
    public let wantsClusterInfo: Bool
}

/// What a context of a kubeconfig says of its API server.
public struct KubeconfigUpstream: Sendable {
    /// Bytes that stand in the kubeconfig itself or in a file that it names.
    public enum Source: Hashable, Sendable {
        case inline([UInt8])
        case file(String)
    }

    /// How the cluster is to be told who speaks.
    public enum Credential: Hashable, Sendable {
        case none
        case clientCertificate(certificate: Source, key: Source)
        case token(String)
        /// Re-read as the file changes.
        case tokenFile(String)
        /// A program that gives credentials out, as those of the clouds' clusters do.
        case exec(ExecPlugin)
    }

    public let context: String
    public let server: ServerAddress
    public let certificateAuthority: Source?
    /// The name to verify the server's certificate for, where it is not the server's own.
    public let tlsServerName: String?
    public let credential: Credential

    /// An API server that no kubeconfig names: the one of the cluster in which this program itself runs.
    public init(context: String, server: ServerAddress, certificateAuthority: Source, credential: Credential) {
        self.context = context
        self.server = server
        self.certificateAuthority = certificateAuthority
        self.credential = credential
        tlsServerName = nil
    }

    init(context: Kubeconfig.Context, cluster: Kubeconfig.Item, user: Kubeconfig.Item?) throws(KubeconfigFault) {
        self.context = context.name
        guard let server = cluster.node["server"] else {
            throw KubeconfigFault(.missing("server"), file: cluster.file, place: cluster.node.place)
        }
        guard let address = server.text.flatMap(ServerAddress.init) else {
            throw KubeconfigFault(.badServer(server.text ?? ""), file: cluster.file, place: server.place)
        }
        self.server = address
        if let skip = cluster.node["insecure-skip-tls-verify"], skip.bool != false {
            throw KubeconfigFault(.verificationTurnedOff, file: cluster.file, place: skip.place)
        }
        certificateAuthority = try Self.source("certificate-authority", in: cluster)
        tlsServerName = cluster.node["tls-server-name"]?.text
        credential = try user.map { user throws(KubeconfigFault) in try Self.credential(of: user) } ?? .none
    }

    private static func credential(of user: Kubeconfig.Item) throws(KubeconfigFault) -> Credential {
        for key in ["auth-provider", "username", "password", "as", "as-groups", "as-uid", "as-user-extra"] {
            guard let node = user.node[key] else { continue }
            throw KubeconfigFault(.unsupportedCredential(key), file: user.file, place: node.place)
        }
        if let certificate = try source("client-certificate", in: user) {
            guard let key = try source("client-key", in: user) else {
                throw KubeconfigFault(.missing("client-key"), file: user.file, place: user.node.place)
            }
            return .clientCertificate(certificate: certificate, key: key)
        }
        // kubectl prefers the file where both stand.
        if let file = user.node["tokenFile"]?.text { return .tokenFile(resolve(file, from: user.file)) }
        if let token = user.node["token"]?.text { return .token(token) }
        if let exec = user.node["exec"] { return .exec(try plugin(exec, user.file)) }
        return .none
    }

    private static func plugin(_ node: YAMLNode, _ file: String) throws(KubeconfigFault) -> ExecPlugin {
        guard let command = node["command"]?.text else {
            throw KubeconfigFault(.missing("exec.command"), file: file, place: node.place)
        }
        let version = node["apiVersion"]
        let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
        guard let apiVersion = version?.text, versions.contains(apiVersion) else {
            throw KubeconfigFault(
                .wrongShape(expected: "exec.apiVersion to be one of \(versions.joined(separator: ", "))"), file: file,
                place: version?.place ?? node.place)
        }
        var environment: [String: String] = [:]
        for entry in node["env"]?.elements ?? [] {
            if let name = entry["name"]?.text { environment[name] = entry["value"]?.text ?? "" }
        }
        // As client-go: a command with a slash is seen from the kubeconfig's folder.
        let program = command.contains("/") ? resolve(command, from: file) : command
        return ExecPlugin(
            apiVersion: apiVersion, command: [program] + (node["args"]?.elements ?? []).compactMap(\.text),
            environment: environment, installHint: node["installHint"]?.text,
            wantsClusterInfo: node["provideClusterInfo"]?.bool ?? false)
    }

    /// `KEY-data` as base64, which wins, or `KEY` as a path.
    private static func source(_ key: String, in item: Kubeconfig.Item) throws(KubeconfigFault) -> Source? {
        if let data = item.node["\(key)-data"] {
            guard let bytes = data.text.flatMap({ Base64.decode($0) }) else {
                throw KubeconfigFault(.notBase64("\(key)-data"), file: item.file, place: data.place)
            }
            return .inline(bytes)
        }
        return item.node[key]?.text.map { .file(resolve($0, from: item.file)) }
    }

    /// Paths in a kubeconfig are seen from the folder that it lies in.
    private static func resolve(_ path: String, from file: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return String(file[...slash]) + path
    }
}

/// Where an API server listens: https, a host, a port, perhaps a prefix before every path.
public struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address; an IPv6 address without its brackets.
    public let host: String
    public let port: Int
    /// Empty, or a path that begins with a slash and does not end with one.
    public let pathPrefix: String

    /// Reads `https://HOST[:PORT][/PREFIX]`; nil for anything else, plain http included.
    public init?(_ text: String) {
        guard text.hasPrefix("https://") else { return nil }
        let rest = text.dropFirst("https://".count)
        let authority = rest.prefix { $0 != "/" }
        var prefix = rest.dropFirst(authority.count)
        while prefix.last == "/" { prefix = prefix.dropLast() }
        guard !rest.contains(where: { $0 == "?" || $0 == "#" || $0 == "@" || $0.isWhitespace }) else { return nil }
        let hostEnd: Substring.Index
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]") else { return nil }
            host = String(authority[authority.index(after: authority.startIndex)..<bracket])
            hostEnd = authority.index(after: bracket)
        } else {
            hostEnd = authority.firstIndex(of: ":") ?? authority.endIndex
            host = String(authority[..<hostEnd])
        }
        let portText = authority[hostEnd...]
        if portText.isEmpty {
            port = 443
        } else {
            guard portText.first == ":", let number = Int(portText.dropFirst()), (1...65_535).contains(number) else {
                return nil
            }
            port = number
        }
        guard !host.isEmpty else { return nil }
        pathPrefix = String(prefix)
    }

    /// `HOST:PORT`, as a Host header says it.
    public var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    public var description: String { "https://\(authority)\(pathPrefix)" }
}
