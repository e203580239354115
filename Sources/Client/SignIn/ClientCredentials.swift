import LocalState
import Vocabulary

/// A program's own id and secret, from a file that is closed to others, or from a descriptor as `/dev/fd/3`.
struct ClientCredentials: Sendable {
    private let id: String
    private let secret: String
    private let scope: String?
    /// RFC 8707.
    let resource: String?
    private let audience: String?
    /// The file; nil for a descriptor, which can be read only once.
    let file: String?

    init(file path: String) throws(ClientFault) {
        let text: [UInt8]
        do throws(FileFault) { text = try PrivateFile.read(path) } catch { throw .file(error) }
        guard let json = try? JSON(parsing: text), let id = json["clientID"]?.string,
            let secret = json["clientSecret"]?.string
        else { throw .signIn(.badCredentialsFile(path: path)) }
        self.id = id
        self.secret = secret
        scope = json["scope"]?.string
        resource = json["resource"]?.string
        audience = json["audience"]?.string
        let isDescriptor = ["/dev/fd/", "/proc/self/fd/", "/dev/stdin"].contains(where: path.hasPrefix)
        file = isDescriptor ? nil : path
    }

    /// Signs in with them (RFC 6749 §4.4).
    func tokens(at endpoint: String, scopes: [String], _ http: GatewayHTTP) async throws(ClientFault) -> Issuer.Tokens {
        var fields = [("grant_type", "client_credentials")]
        let scope = scope ?? scopes.joined(separator: " ")
        if !scope.isEmpty { fields.append(("scope", scope)) }
        if let audience { fields.append(("audience", audience)) }
        fields += Issuer.field(resource: resource)
        return try await Issuer.tokens(at: endpoint, fields, basic: (id, secret), http)
    }
}
