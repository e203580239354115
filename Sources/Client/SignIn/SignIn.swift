import CurlTransport
import LocalState
public import Vocabulary

/// A sign-in at one gateway, as it is kept.
public struct SignIn: Sendable {
    /// The gateway's URL, without a slash at its end.
    public let gateway: String
    public let issuer: String
    public let clientID: String
    let tokenEndpoint: String
    /// PEM of what the gateway's certificate is verified against; nil for the system's authorities.
    let authority: String?
    var accessToken: String
    public internal(set) var expiration: Timestamp
    var refreshToken: String?

    var trust: Trust { authority.map { .authorities(Array($0.utf8)) } ?? .system }

    var json: JSON {
        var members: [JSON.Member] = [
            .init("accessToken", .string(accessToken)), .init("clientID", .string(clientID)),
            .init("expiration", .string(expiration.description)), .init("gateway", .string(gateway)),
            .init("issuer", .string(issuer)), .init("tokenEndpoint", .string(tokenEndpoint)),
        ]
        if let authority { members.append(.init("authority", .string(authority))) }
        if let refreshToken { members.append(.init("refreshToken", .string(refreshToken))) }
        return .object(members)
    }

    init(
        gateway: String, issuer: String, clientID: String, tokenEndpoint: String, authority: String?,
        accessToken: String,
        expiration: Timestamp, refreshToken: String?
    ) {
        self.gateway = gateway
        self.issuer = issuer
        self.clientID = clientID
        self.tokenEndpoint = tokenEndpoint
        self.authority = authority
        self.accessToken = accessToken
        self.expiration = expiration
        self.refreshToken = refreshToken
    }

    init?(_ json: JSON) {
        guard let gateway = json["gateway"]?.string, let issuer = json["issuer"]?.string,
            let clientID = json["clientID"]?.string, let tokenEndpoint = json["tokenEndpoint"]?.string,
            let accessToken = json["accessToken"]?.string,
            let expiration = json["expiration"]?.string.flatMap(Timestamp.init(rfc3339:))
        else { return nil }
        self.init(
            gateway: gateway, issuer: issuer, clientID: clientID, tokenEndpoint: tokenEndpoint,
            authority: json["authority"]?.string, accessToken: accessToken, expiration: expiration,
            refreshToken: json["refreshToken"]?.string)
    }
}
