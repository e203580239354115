import Authentication
import Crypto
import KubernetesWire
import LocalState
import NIOHTTP1
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The OIDC issuer of `byline-gateway dev`, for this machine's user only: discovery, keys, ES256 tokens, the
/// client-credentials, device and refresh grants. Whatever gives something out first makes sure that the process at the
/// other end of the loopback connection is the user's own.
struct DevIssuer: ControlPages {
    static let path = "/dev-issuer"
    /// The public client that `byline login` is.
    static let clientID = "byline"
    static let audience = "byline"
    static let deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
    private static let refreshType = "byline-refresh+jwt"
    private static let tokenLifetime: Int64 = 3_600
    private static let refreshLifetime: Int64 = 12 * 3_600

    /// The gateway's own URL, without a slash at its end.
    let gatewayURL: String
    let username: String
    let groups: [String]
    let key: SigningKey
    let client: DevClient
    let devices = DeviceGrants()

    var url: String { gatewayURL + Self.path }

    /// What the gateway believes of this issuer's tokens.
    var trusted: TrustedIssuer {
        var mapping = ClaimMapping()
        mapping.username = ClaimPath("preferred_username")
        // One person on one machine: who they are is their own to say.
        mapping.reservedNames = .allow
        return TrustedIssuer(url: url, audiences: [Self.audience], mapping: mapping, keys: key.keySource)
    }

    func respond(to request: ControlRequest) async -> ControlResponse {
        let page = request.path.dropFirst(Self.path.count)
        switch (request.method, page) {
        case ("GET", "/.well-known/openid-configuration"): return .json(.ok, configuration)
        case ("GET", "/keys"): return .json(.ok, ["keys": [key.jwk]])
        default: break
        }
        guard isOwnUser(request) else {
            return .status(
                Status(
                    .forbidden, "byline: this issuer serves only the user who runs byline-gateway dev, on this machine")
            )
        }
        let fields = FormFields(parsing: String(decoding: request.body, as: UTF8.self)) ?? FormFields([])
        switch (request.method, page) {
        case ("POST", "/token"): return await token(request, fields)
        case ("POST", "/device_authorization"): return await authorizeDevice(fields)
        case ("GET", "/device"): return await DevicePage.show(devices, query: request.query, username: username)
        case ("POST", "/device"):
            return await DevicePage.decide(devices, fields, headers: request.headers, origin: gatewayURL)
        default: return .refusal(.notFound(request.path))
        }
    }

    private var configuration: JSON {
        [
            "device_authorization_endpoint": .string("\(url)/device_authorization"),
            "grant_types_supported": ["client_credentials", "refresh_token", .string(Self.deviceGrant)],
            "id_token_signing_alg_values_supported": ["ES256"], "issuer": .string(url),
            "jwks_uri": .string("\(url)/keys"), "response_types_supported": ["none"],
            "scopes_supported": ["openid", "profile", "groups", "offline_access"],
            "subject_types_supported": ["public"], "token_endpoint": .string("\(url)/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        ]
    }

    /// Fails closed: where the owner of the connection cannot be told, nothing is given out.
    private func isOwnUser(_ request: ControlRequest) -> Bool {
        guard let peer = request.peer, let local = request.local, let uid = PeerOwner.uid(peer: peer, local: local)
        else {
            return false
        }
        return uid == geteuid() || uid == 0
    }

    // MARK: grants

    private func token(_ request: ControlRequest, _ fields: FormFields) async -> ControlResponse {
        switch fields["grant_type"] {
        case "client_credentials":
            guard client.isProven(by: request.headers, fields) else {
                return oauthError("invalid_client", status: .unauthorized)
            }
            return tokens()
        case Self.deviceGrant:
            guard fields["client_id"] == Self.clientID, let code = fields["device_code"] else {
                return oauthError("invalid_request")
            }
            switch await devices.poll(code, now: .now()) {
            case .approved: return tokens()
            case .pending: return oauthError("authorization_pending")
            case .tooFast: return oauthError("slow_down")
            case .denied: return oauthError("access_denied")
            case .expired: return oauthError("expired_token")
            }
        case "refresh_token":
            guard let token = fields["refresh_token"], isOwnRefreshToken(token) else {
                return oauthError("invalid_grant")
            }
            return tokens()
        default: return oauthError("unsupported_grant_type")
        }
    }

    private func authorizeDevice(_ fields: FormFields) async -> ControlResponse {
        guard fields["client_id"] == Self.clientID else { return oauthError("invalid_client", status: .unauthorized) }
        guard let device = await devices.begin(now: .now()) else { return oauthError("slow_down") }
        return .json(
            .ok,
            [
                "device_code": .string(device.deviceCode), "expires_in": .integer(DeviceGrants.lifetime),
                "interval": .integer(DeviceGrants.interval), "user_code": .string(device.userCode),
                "verification_uri": .string("\(url)/device"),
                "verification_uri_complete": .string("\(url)/device?user_code=\(device.userCode)"),
            ])
    }

    private func tokens() -> ControlResponse {
        let now = Timestamp.now().seconds
        var claims: [JSON.Member] = [
            .init("aud", .string(Self.audience)), .init("exp", .integer(now + Self.tokenLifetime)),
            .init("groups", .strings(groups)), .init("iat", .integer(now)), .init("iss", .string(url)),
            .init("preferred_username", .string(username)), .init("sub", .string("uid:\(geteuid())")),
        ]
        do {
            let token = try key.sign(.object(claims), type: "JWT")
            claims = [
                .init("aud", .string(url)), .init("exp", .integer(now + Self.refreshLifetime)),
                .init("iss", .string(url)),
            ]
            let refresh = try key.sign(.object(claims), type: Self.refreshType)
            return .json(
                .ok,
                [
                    "access_token": .string(token), "expires_in": .integer(Self.tokenLifetime),
                    "id_token": .string(token),
                    "refresh_token": .string(refresh), "token_type": "Bearer",
                ])
        } catch { return oauthError("server_error", status: .internalServerError) }
    }

    private func isOwnRefreshToken(_ token: String) -> Bool {
        RefreshTokens.isValid(token, type: Self.refreshType, issuer: url, key: key.verificationKey, now: .now())
    }

    private func oauthError(_ code: String, status: HTTPResponseStatus = .badRequest) -> ControlResponse {
        .json(status, ["error": .string(code)])
    }
}

/// The client of the client-credentials grant: an id and a secret, kept in a file of the state folder.
struct DevClient: Sendable {
    let id: String
    private let secret: [UInt8]

    /// Reads the file, or makes it with a new secret.
    static func loadOrCreate(_ path: String) throws -> DevClient {
        do {
            let json = try JSON(parsing: PrivateFile.read(path))
            if let id = json["clientID"]?.string, let secret = json["clientSecret"]?.string {
                return DevClient(id: id, secret: Array(secret.utf8))
            }
        } catch let fault as FileFault where fault.isMissing {}
        let secret = Base64.encodeURL((0..<32).map { _ in UInt8.random(in: 0...255) })
        let json: JSON = ["clientID": "byline-dev", "clientSecret": .string(secret)]
        try PrivateFile.replaceAtomically(path, with: json.canonicalBytes)
        return DevClient(id: "byline-dev", secret: Array(secret.utf8))
    }

    /// HTTP Basic (RFC 6749 §2.3.1), or both in the form.
    func isProven(by headers: HTTPHeaders, _ fields: FormFields) -> Bool {
        if let basic = headers.first(name: "authorization"), basic.lowercased().hasPrefix("basic "),
            let bytes = Base64.decode(basic.dropFirst(6)), let text = String(validating: bytes, as: UTF8.self)
        {
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let id = PercentEncoding.decode(parts[0], plusIsSpace: true),
                let secret = PercentEncoding.decode(parts[1], plusIsSpace: true)
            else { return false }
            return id == self.id && isSecret(secret)
        }
        return fields["client_id"] == id && isSecret(fields["client_secret"] ?? "")
    }

    /// Compares in a time that does not depend on the bytes, by way of keyed digests of equal length.
    private func isSecret(_ offered: String) -> Bool {
        let key = SymmetricKey(size: .bits256)
        let expected = HMAC<SHA256>.authenticationCode(for: secret, using: key)
        return HMAC<SHA256>.isValidAuthenticationCode(expected, authenticating: Array(offered.utf8), using: key)
    }
}
