import CurlTransport
import LocalState
import Vocabulary

/// An OIDC issuer as the client speaks to it: what the gateway says of it, and what it says of itself.
struct Issuer: Sendable {
    static let deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
    static let exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange"

    let url: String
    let clientID: String
    let scopes: [String]
    /// What its clients are meant to use, by the gateway's word.
    let grants: [String]
    let tokenEndpoint: String
    let authorizationEndpoint: String?
    let deviceEndpoint: String?
    let revocationEndpoint: String?
    let offersExchange: Bool
    /// True where the issuer names itself in the answers to authorization requests (RFC 9207).
    let namesItself: Bool
    let http: GatewayHTTP

    /// Reads the issuer's discovery document.
    static func discover(_ entry: JSON, _ http: GatewayHTTP) async throws(ClientFault) -> Issuer {
        guard let url = entry["issuer"]?.string, let clientID = entry["clientID"]?.string else {
            throw .unexpectedAnswer(what: "the gateway's discovery", status: 200, detail: "it names no issuer")
        }
        let place = "\(url)/.well-known/openid-configuration"
        let answer = try await http.send(.init(method: "GET", url: place, trust: http.trust, timeout: 30))
        let document = try IssuerAnswer(answer, from: place).document
        guard document["issuer"]?.string == url, let tokenEndpoint = document["token_endpoint"]?.string else {
            let other = document["issuer"]?.string ?? "none"
            throw .signIn(.unusableAnswer(from: place, why: "it names another issuer: \(other)"))
        }
        for use in ["token", "authorization", "device_authorization", "revocation"] {
            guard let endpoint = document["\(use)_endpoint"]?.string, !endpoint.hasPrefix("https://") else { continue }
            throw .signIn(.unusableAnswer(from: place, why: "its \(use)_endpoint has no TLS: \(endpoint)"))
        }
        return Issuer(
            url: url, clientID: clientID, scopes: entry["scopes"]?.strings ?? ["openid"],
            grants: entry["grants"]?.strings ?? [], tokenEndpoint: tokenEndpoint,
            authorizationEndpoint: document["authorization_endpoint"]?.string,
            deviceEndpoint: document["device_authorization_endpoint"]?.string,
            revocationEndpoint: revocationEndpoint(document),
            offersExchange: document["grant_types_supported"]?.strings?.contains(exchangeGrant) ?? false,
            namesItself: document["authorization_response_iss_parameter_supported"]?.bool ?? false, http: http)
    }

    /// Where tokens are revoked (RFC 7009); nil where the issuer says that it asks for a secret, which this client has
    /// none of.
    private static func revocationEndpoint(_ document: JSON) -> String? {
        let methods = document["revocation_endpoint_auth_methods_supported"]?.strings
        return methods.map { $0.contains("none") } == false ? nil : document["revocation_endpoint"]?.string
    }

    /// What a grant gives.
    struct Tokens: Sendable {
        let access: String
        let identity: String?
        let refresh: String?
        let expiration: Timestamp

        /// Reads an answer (RFC 6749 §5.1). Lives are reckoned from this machine's own present: its clock may be off.
        init?(_ json: JSON) {
            guard let access = json["access_token"]?.string, !access.isEmpty else { return nil }
            self.access = access
            identity = json["id_token"]?.string
            refresh = json["refresh_token"]?.string
            let life = identity.flatMap { TokenClaims($0)?.life } ?? json["expires_in"]?.integer ?? 300
            expiration = Timestamp.now().advanced(bySeconds: Int64(clamping: max(0, min(life, 366 * 86_400))))
        }
    }

    /// Asks for tokens; a confidential client proves itself with its id and secret.
    func tokens(_ fields: [(String, String)], basic: (String, String)? = nil) async throws(ClientFault) -> Tokens {
        try await Self.tokens(at: tokenEndpoint, fields, basic: basic, http)
    }

    static func tokens(
        at endpoint: String, _ fields: [(String, String)], basic: (String, String)? = nil, _ http: GatewayHTTP
    ) async throws(ClientFault) -> Tokens {
        let answer = IssuerAnswer(try await http.postForm(fields, to: endpoint, basic: basic), from: endpoint)
        guard let tokens = Tokens(try answer.document) else {
            throw .signIn(.unusableAnswer(from: endpoint, why: "it holds no access_token"))
        }
        return tokens
    }

    /// A resource's field (RFC 8707), where there is one.
    static func field(resource: String?) -> [(String, String)] { resource.map { [("resource", $0)] } ?? [] }
}

/// The claims of a JWT, unverified: only what this program asks of its own tokens. The gateway verifies them.
struct TokenClaims {
    let json: JSON

    init?(_ token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.decodeURL(parts[1]), let json = try? JSON(parsing: bytes) else {
            return nil
        }
        self.json = json
    }

    /// Seconds from its beginning to its end.
    var life: Int? {
        guard let end = json["exp"]?.integer, let start = json["iat"]?.integer else { return nil }
        return end - start
    }

    var issuer: String { json["iss"]?.string ?? "" }
    var expiration: Timestamp? { json["exp"]?.integer.map { Timestamp(seconds: Int64($0)) } }

    /// True where the token is for this audience.
    func isFor(_ audience: String) -> Bool {
        json["aud"]?.string == audience || json["aud"]?.strings?.contains(audience) == true
    }
}
