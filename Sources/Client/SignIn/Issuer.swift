import CurlTransport
import LocalState
import Vocabulary

/// An OIDC issuer as the client speaks to it.
struct Issuer: Sendable {
    static let deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

    let url: String
    let clientID: String
    let scopes: [String]
    let grants: [String]
    let tokenEndpoint: String
    let deviceEndpoint: String?
    private let http: GatewayHTTP

    /// Reads the issuer's discovery document.
    static func discover(_ entry: JSON, _ http: GatewayHTTP) async throws(ClientFault) -> Issuer {
        guard let url = entry["issuer"]?.string, let clientID = entry["clientID"]?.string else {
            throw .unexpectedAnswer(what: "the gateway's discovery", status: 200, detail: "it names no issuer")
        }
        let document = try await http.json(
            .init(method: "GET", url: "\(url)/.well-known/openid-configuration", trust: http.trust))
        guard document["issuer"]?.string == url, let tokenEndpoint = document["token_endpoint"]?.string else {
            throw .unexpectedAnswer(what: url, status: 200, detail: "its discovery document names another issuer")
        }
        return Issuer(
            url: url, clientID: clientID, scopes: entry["scopes"]?.strings ?? ["openid"],
            grants: entry["grants"]?.strings ?? [], tokenEndpoint: tokenEndpoint,
            deviceEndpoint: document["device_authorization_endpoint"]?.string, http: http)
    }

    /// Asks for tokens; a confidential client proves itself with its id and secret.
    func tokens(_ fields: [(String, String)], basic: (String, String)? = nil) async throws(ClientFault) -> Tokens {
        try await Self.tokens(at: tokenEndpoint, fields, basic: basic, http)
    }

    static func tokens(
        at endpoint: String, _ fields: [(String, String)], basic: (String, String)? = nil, _ http: GatewayHTTP
    ) async throws(ClientFault) -> Tokens {
        var request = TransportRequest(
            method: "POST", url: endpoint, headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: .bytes(Array(FormFields(fields).encoded.utf8)), trust: http.trust, timeout: 30)
        if let basic {
            // RFC 6749 §2.3.1: both are form-encoded before they are joined.
            let pair = "\(PercentEncoding.encode(basic.0)):\(PercentEncoding.encode(basic.1))"
            request.headers.append(("Authorization", "Basic \(Base64.encode(pair.utf8))"))
        }
        let (status, json) = try await http.answer(request)
        guard status == 200 else {
            throw .refusedByIssuer(json?["error"]?.string ?? "HTTP \(status)")
        }
        guard let json, let access = json["access_token"]?.string else {
            throw .unexpectedAnswer(what: endpoint, status: status, detail: "it holds no access_token")
        }
        let life = json["expires_in"]?.integer ?? 300
        return Tokens(
            access: access, refresh: json["refresh_token"]?.string,
            expiration: Timestamp.now().advanced(bySeconds: Int64(life)))
    }

    struct Tokens: Sendable {
        let access: String
        let refresh: String?
        let expiration: Timestamp
    }

    // MARK: the device grant (RFC 8628)

    struct DeviceCode: Sendable {
        let code: String
        let userCode: String
        let page: String
        let expiration: Timestamp
        var interval: Int
    }

    func beginDevice() async throws(ClientFault) -> DeviceCode {
        guard let deviceEndpoint else { throw .noUsableGrant(issuer: url, offered: grants) }
        let body = FormFields([("client_id", clientID), ("scope", scopes.joined(separator: " "))]).encoded
        let json = try await http.json(
            .init(
                method: "POST", url: deviceEndpoint, headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: .bytes(Array(body.utf8)), trust: http.trust, timeout: 30))
        guard let code = json["device_code"]?.string, let userCode = json["user_code"]?.string,
            let page = json["verification_uri_complete"]?.string ?? json["verification_uri"]?.string
        else { throw .unexpectedAnswer(what: deviceEndpoint, status: 200, detail: "it holds no device_code") }
        return DeviceCode(
            code: code, userCode: userCode, page: page,
            expiration: Timestamp.now().advanced(bySeconds: Int64(json["expires_in"]?.integer ?? 600)),
            interval: json["interval"]?.integer ?? 5)
    }

    /// Polls until the person has decided.
    func awaitApproval(_ device: DeviceCode) async throws(ClientFault) -> Tokens {
        var interval = device.interval
        while Timestamp.now() < device.expiration {
            try? await Task.sleep(for: .seconds(interval))
            do throws(ClientFault) {
                return try await tokens([
                    ("grant_type", Self.deviceGrant), ("device_code", device.code), ("client_id", clientID),
                ])
            } catch {
                switch error {
                case .refusedByIssuer("authorization_pending"): continue
                case .refusedByIssuer("slow_down"): interval += 5
                case .refusedByIssuer("access_denied"): throw .denied
                default: throw error
                }
            }
        }
        throw .refusedByIssuer("expired_token")
    }
}
