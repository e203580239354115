import CurlTransport
import LocalState
import Vocabulary

/// A sign-in as JSON, as it lies in its file, and in the keyring where that holds the tokens.
extension SignIn {
    private static let secrets: Set<String> = ["refreshToken", "subjectToken"]

    /// What lies in the file, and what in the keyring; of a sign-in that is kept in its file, all and nothing.
    var parts: (file: JSON, keyring: JSON?) {
        guard isInKeyring else { return (json, nil) }
        let members = json.members ?? []
        return (
            .object(members.filter { !Self.secrets.contains($0.name) }),
            .object(members.filter { Self.secrets.contains($0.name) })
        )
    }

    /// True where a file's sign-in has its tokens in the keyring.
    static func isInKeyring(_ file: JSON) -> Bool { file["isInKeyring"]?.bool == true }

    var json: JSON {
        let values: [(String, String?)] = [
            ("authority", way.authority), ("clientCertificate", way.clientCertificate?.certificate),
            ("clientID", clientID), ("clientKey", way.clientCertificate?.key),
            ("expiration", expiration.description), ("gateway", gateway), ("issuer", issuer),
            ("issuerAuthority", way.issuerAuthority), ("resource", resource),
            ("revocationEndpoint", revocationEndpoint), ("subjectToken", subjectToken),
            ("tokenEndpoint", tokenEndpoint), ("username", username),
        ]
        var members = values.compactMap { name, value in value.map { JSON.Member(name, .string($0)) } }
        members.append(.init("groups", .strings(groups)))
        members.append(.init("scopes", .strings(scopes)))
        members.append(.init("isExchanged", .bool(isExchanged)))
        if isInKeyring { members.append(.init("isInKeyring", .bool(true))) }
        switch renewal {
        case .none: break
        case .refreshToken(let token): members.append(.init("refreshToken", .string(token)))
        case .credentials(let file): members.append(.init("credentialsFile", .string(file)))
        case .tokenFile(let file): members.append(.init("tokenFile", .string(file)))
        }
        return .object(members)
    }

    init?(_ json: JSON) {
        func text(_ name: String) -> String? { json[name]?.string }
        guard let gateway = text("gateway"), let issuer = text("issuer"), let clientID = text("clientID"),
            let tokenEndpoint = text("tokenEndpoint"), let subjectToken = text("subjectToken"),
            let expiration = text("expiration").flatMap(Timestamp.init(rfc3339:)), let username = text("username")
        else { return nil }
        var way = Way(authority: text("authority"), issuerAuthority: text("issuerAuthority"))
        if let certificate = text("clientCertificate"), let key = text("clientKey") {
            way.clientCertificate = .init(certificate: certificate, key: key)
        }
        var renewal = Renewal.none
        if let token = text("refreshToken") { renewal = .refreshToken(token) }
        if let file = text("credentialsFile") { renewal = .credentials(file: file) }
        if let file = text("tokenFile") { renewal = .tokenFile(file) }
        self.init(
            gateway: gateway, way: way, issuer: issuer, clientID: clientID, tokenEndpoint: tokenEndpoint,
            revocationEndpoint: text("revocationEndpoint"), resource: text("resource"),
            scopes: json["scopes"]?.strings ?? [],
            isExchanged: json["isExchanged"]?.bool ?? false, renewal: renewal, subjectToken: subjectToken,
            expiration: expiration, username: username, groups: json["groups"]?.strings ?? [])
        isInKeyring = Self.isInKeyring(json)
    }
}
