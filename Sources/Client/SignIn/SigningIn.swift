public import CurlTransport
import LocalState
import Vocabulary

/// How a person or a program signs in.
public enum SignInMethod: Sendable {
    /// RFC 8628: approve in a browser, on this machine or another.
    case device
    /// A program's own id and secret, from a file.
    case clientCredentials(file: String)
}

/// `byline login`, `logout` and what needs a sign-in.
public struct SigningIn: Sendable {
    private let store: SignInStore
    private let environment: Environment
    private let engine: CurlEngine

    public init(_ environment: Environment, _ engine: CurlEngine) throws(ClientFault) {
        store = try SignInStore(environment)
        self.environment = environment
        self.engine = engine
    }

    /// Signs in at a gateway and keeps the sign-in.
    ///
    /// - Parameters:
    ///   - url: the gateway's.
    ///   - method: how to prove who signs in.
    ///   - authorityFile: PEM to verify the gateway against; nil for the system's authorities, or for a development
    ///     gateway of the same person on this machine the one in its folder.
    ///   - say: told what the person has to do.
    /// - Returns: the sign-in.
    /// - Throws: `ClientFault`; nothing is kept then.
    public func signIn(
        at url: String, method: SignInMethod, authorityFile: String?, say: @Sendable (String) -> Void
    ) async throws(ClientFault) -> SignIn {
        let gateway = try Self.normalized(url)
        let authority: String? =
            if let authorityFile { try Self.read(authorityFile) } else { try ownDevAuthority(gateway) }
        let trust: Trust = authority.map { .authorities(Array($0.utf8)) } ?? .system
        let http = GatewayHTTP(engine: engine, trust: trust)
        let discovery = try await http.json(
            .init(method: "GET", url: "\(gateway)/.well-known/byline", trust: trust, timeout: 30))
        guard let entry = discovery["issuers"]?.array?.first else {
            throw .unexpectedAnswer(what: gateway, status: 200, detail: "it names no issuer to sign in at")
        }
        let issuer = try await Issuer.discover(entry, http)
        let tokens = try await tokens(issuer, method, say)
        let signIn = SignIn(
            gateway: gateway, issuer: issuer.url, clientID: issuer.clientID, tokenEndpoint: issuer.tokenEndpoint,
            authority: authority, accessToken: tokens.access, expiration: tokens.expiration,
            refreshToken: tokens.refresh)
        try store.save(signIn, makeCurrent: true)
        return signIn
    }

    private func tokens(
        _ issuer: Issuer, _ method: SignInMethod, _ say: (String) -> Void
    ) async throws(ClientFault) -> Issuer.Tokens {
        switch method {
        case .device:
            let device = try await issuer.beginDevice()
            say("open  \(device.page)\ncode  \(device.userCode)\n")
            return try await issuer.awaitApproval(device)
        case .clientCredentials(let file):
            let text = try Self.readPrivate(file)
            guard let json = try? JSON(parsing: text), let id = json["clientID"]?.string,
                let secret = json["clientSecret"]?.string
            else { throw .badCredentialsFile(path: file) }
            return try await issuer.tokens(
                [("grant_type", "client_credentials"), ("scope", issuer.scopes.joined(separator: " "))],
                basic: (id, secret))
        }
    }

    /// The sign-in at a gateway (or at the one signed in at last), refreshed where it is about to end.
    public func current(gateway: String?) async throws(ClientFault) -> SignIn {
        var signIn = try store.load(gateway: gateway.map { url throws(ClientFault) in try Self.normalized(url) })
        guard Timestamp.now().advanced(bySeconds: 60) >= signIn.expiration else { return signIn }
        guard let refresh = signIn.refreshToken else { throw .signInExpired(gateway: signIn.gateway) }
        let http = GatewayHTTP(engine: engine, trust: signIn.trust)
        do throws(ClientFault) {
            let tokens = try await Issuer.tokens(
                at: signIn.tokenEndpoint,
                [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", signIn.clientID)], http)
            signIn.accessToken = tokens.access
            signIn.expiration = tokens.expiration
            signIn.refreshToken = tokens.refresh ?? refresh
        } catch {
            if case .refusedByIssuer = error { throw .signInExpired(gateway: signIn.gateway) }
            throw error
        }
        try store.save(signIn, makeCurrent: false)
        return signIn
    }

    /// Forgets the sign-in.
    ///
    /// - Returns: the gateway's URL.
    public func signOut(gateway: String?) throws(ClientFault) -> String {
        let signIn = try store.load(gateway: gateway.map { url throws(ClientFault) in try Self.normalized(url) })
        try store.remove(gateway: signIn.gateway)
        return signIn.gateway
    }

    /// The person's own development gateway is trusted without a flag: its authority lies in the person's state folder.
    private func ownDevAuthority(_ gateway: String) throws(ClientFault) -> String? {
        guard ["https://127.0.0.1", "https://localhost", "https://[::1]"].contains(where: gateway.hasPrefix),
            let state = StateFolders.person(environment: environment.variables)
        else { return nil }
        let folder = DevGatewayFolder(StateFolders.devGateway(inPerson: state))
        do throws(FileFault) {
            return String(decoding: try PrivateFile.read(folder.authorityCertificate), as: UTF8.self)
        } catch {
            if error.isMissing { return nil }
            throw .file(error)
        }
    }

    private static func normalized(_ url: String) throws(ClientFault) -> String {
        guard url.hasPrefix("https://"), url.count > 8,
            !url.contains(where: { $0.isWhitespace || $0 == "?" || $0 == "#" || $0 == "@" })
        else { throw .badURL(url) }
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }

    private static func read(_ file: String) throws(ClientFault) -> String {
        do throws(FileFault) { return String(decoding: try PrivateFile.readShared(file), as: UTF8.self) } catch {
            throw .file(error)
        }
    }

    private static func readPrivate(_ file: String) throws(ClientFault) -> String {
        do throws(FileFault) { return String(decoding: try PrivateFile.read(file), as: UTF8.self) } catch {
            throw .file(error)
        }
    }
}
