/// How a person or a program signs in.
public enum SignInMethod: Hashable, Sendable {
    /// In a browser on this machine where there is one, else by the device grant.
    case interactive
    /// Authorization code and PKCE, in a browser on this machine.
    case browser
    /// RFC 8628: approve on a page, on this machine or another.
    case device
    /// A program's own id and secret, from a file.
    case clientCredentials(file: String)
    /// A token that something else keeps fresh in a file.
    case tokenFile(String)
}

/// Where the tokens of a sign-in are kept; the rest of it always stands in a file of the state folder.
public enum SignInStorage: Hashable, Sendable {
    /// In that file, closed to others.
    case file
    /// In the kernel's keyring: on no disk, until the user's last process ends.
    case keyring
    /// In the keyring where the kernel lets us, else in the file.
    case auto
}

/// What `byline login` is told.
public struct LoginRequest: Sendable {
    public var method: SignInMethod
    public var way: Way
    /// Which of the gateway's issuers; nil for its first.
    public var issuer: String?
    /// Whom the token is to be for (RFC 8707); then the gateway is shown the access token.
    public var resource: String?
    /// The port of 127.0.0.1 to which the browser comes back; nil for any free one.
    public var redirectPort: Int?
    public var storage = SignInStorage.file

    public init(
        method: SignInMethod, way: Way = Way(), issuer: String? = nil, resource: String? = nil, redirectPort: Int? = nil
    ) {
        self.method = method
        self.way = way
        self.issuer = issuer
        self.resource = resource
        self.redirectPort = redirectPort
    }
}
