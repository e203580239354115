import CurlTransport
import LocalState
public import Vocabulary

/// A sign-in at one gateway, as it is kept.
public struct SignIn: Sendable {
    /// What brings a fresh token when the present one ends.
    enum Renewal: Hashable, Sendable {
        /// Only the person can sign in anew.
        case none
        case refreshToken(String)
        /// A program's id and secret, read anew from their file.
        case credentials(file: String)
        /// A token that something else keeps fresh in its file.
        case tokenFile(String)

        /// True where nothing but the person or what the issuer gave them brings a token.
        var isOfPerson: Bool {
            switch self {
            case .none, .refreshToken: true
            case .credentials, .tokenFile: false
            }
        }
    }

    /// The gateway's URL, without a slash at its end.
    public let gateway: String
    /// The issuer's; that of the token where no issuer was asked.
    public let issuer: String
    let clientID: String
    let tokenEndpoint: String
    let revocationEndpoint: String?
    /// Whom the issuer is told that its tokens are for (RFC 8707); nil where it is not told.
    let resource: String?
    let scopes: [String]
    /// True where the issuer exchanges a file's token for one of its own (RFC 8693).
    let isExchanged: Bool
    let way: Way
    /// True where the kernel's keyring holds the tokens.
    var isInKeyring = false
    var renewal: Renewal
    /// What the gateway is shown: the ID token, or the access token where there is none or it is for this gateway.
    var subjectToken: String
    public internal(set) var expiration: Timestamp
    /// As the gateway understands the token.
    public internal(set) var username: String
    public internal(set) var groups: [String]

    init(
        gateway: String, way: Way, issuer: String, clientID: String = "", tokenEndpoint: String = "",
        revocationEndpoint: String? = nil, resource: String? = nil, scopes: [String] = [], isExchanged: Bool = false,
        renewal: Renewal,
        subjectToken: String, expiration: Timestamp, username: String = "", groups: [String] = []
    ) {
        self.gateway = gateway
        self.way = way
        self.issuer = issuer
        self.clientID = clientID
        self.tokenEndpoint = tokenEndpoint
        self.revocationEndpoint = revocationEndpoint
        self.resource = resource
        self.scopes = scopes
        self.isExchanged = isExchanged
        self.renewal = renewal
        self.subjectToken = subjectToken
        self.expiration = expiration
        self.username = username
        self.groups = groups
    }

    /// True where the token is good for another minute at least.
    func isFresh(at now: Timestamp) -> Bool {
        if case .tokenFile = renewal, !isExchanged { return false }
        return now.advanced(bySeconds: 60) < expiration
    }

    /// The name of its entry: one for each issuer and username.
    var entry: String { SignInFolder.fileName(of: "\(issuer)\n\(username)") }

    /// Takes what an issuer has given.
    mutating func take(_ tokens: Issuer.Tokens) {
        subjectToken = resource == nil ? tokens.identity ?? tokens.access : tokens.access
        expiration = tokens.expiration
        if let refresh = tokens.refresh, renewal.isOfPerson { renewal = .refreshToken(refresh) }
    }

    /// What a person or a program is told by `byline whoami`.
    public var summary: JSON {
        [
            "expiration": .string(expiration.rfc3339(fractionDigits: 0)), "gateway": .string(gateway),
            "groups": .strings(groups), "issuer": .string(issuer), "username": .string(username),
        ]
    }
}
