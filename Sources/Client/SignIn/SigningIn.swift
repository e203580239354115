import CredentialCache
public import CurlTransport
import LocalState
import Vocabulary

/// `byline login`, `logout` and what needs a sign-in.
public struct SigningIn: Sendable {
    let store: SignInStore
    let environment: Environment
    let engine: CurlEngine
    let account: Account
    /// True where a person may be asked to sign in, if nobody has.
    let mayAsk: Bool
    /// Tells the person what to do, and what is waited for.
    let say: @Sendable (String) -> Void

    public init(
        _ environment: Environment, _ engine: CurlEngine, mayAsk: Bool = false,
        say: @escaping @Sendable (String) -> Void = StandardError.write
    ) throws(ClientFault) {
        store = try SignInStore(environment)
        self.environment = environment
        self.engine = engine
        account = Account(variables: environment.variables)
        self.mayAsk = mayAsk
        self.say = say
    }

    /// Signs in at a gateway and keeps the sign-in as the one that is meant from now on.
    ///
    /// - Parameters:
    ///   - url: the gateway's.
    ///   - request: how to prove who signs in, and how the gateway and its issuer are reached.
    /// - Returns: the sign-in, as the gateway understands it.
    /// - Throws: `ClientFault`; nothing is kept then.
    public func signIn(at url: String, _ request: LoginRequest) async throws(ClientFault) -> SignIn {
        let gateway = try Self.normalized(url)
        var signIn = try await begin(gateway, request)
        signIn.isInKeyring = request.storage != .file
        do throws(ClientFault) { try store.save(signIn, as: signIn.entry) } catch {
            guard case .signIn(.keyringRefused) = error, request.storage == .auto else { throw error }
            signIn.isInKeyring = false
            try store.save(signIn, as: signIn.entry)
        }
        try store.makeLast(signIn.entry, at: gateway)
        return signIn
    }

    /// Signs in without keeping anything. The gateway has the last word on whom a token names.
    func begin(_ gateway: String, _ request: LoginRequest) async throws(ClientFault) -> SignIn {
        var request = request
        if request.way.authority == nil { request.way.authority = try knownAuthority(gateway) }
        let discovery = try await request.way.toGateway(engine).json(
            .init(method: "GET", url: "\(gateway)/.well-known/byline", trust: .system, timeout: 30))
        let entries = discovery["issuers"]?.array ?? []
        if case .tokenFile(let path) = request.method {
            return try await present(TokenFile(path), of: path, gateway, request, entries)
        }
        guard let entry = entries.first(where: { request.issuer == nil || $0["issuer"]?.string == request.issuer })
        else {
            throw .signIn(
                .unknownIssuer(request.issuer ?? "an issuer", known: entries.compactMap { $0["issuer"]?.string }))
        }
        let issuer = try await Issuer.discover(entry, request.way.toIssuer(engine))
        let (tokens, renewal) = try await tokens(issuer, request)
        warnOfClocks(tokens)
        var resource = request.resource
        if case .credentials(let file) = renewal { resource = try ClientCredentials(file: file).resource ?? resource }
        var signIn = SignIn(
            gateway: gateway, way: request.way, issuer: issuer.url, clientID: issuer.clientID,
            tokenEndpoint: issuer.tokenEndpoint, revocationEndpoint: issuer.revocationEndpoint, resource: resource,
            scopes: issuer.scopes, renewal: renewal, subjectToken: "", expiration: tokens.expiration)
        signIn.take(tokens)
        return try await understood(signIn)
    }

    private func tokens(
        _ issuer: Issuer, _ request: LoginRequest
    ) async throws(ClientFault) -> (Issuer.Tokens, SignIn.Renewal) {
        let browser = Browser(environment)
        switch request.method {
        case .clientCredentials(let file):
            let credentials = try ClientCredentials(file: file)
            let tokens = try await credentials.tokens(
                at: issuer.tokenEndpoint, scopes: issuer.scopes, issuer.http)
            return (tokens, credentials.file.map { .credentials(file: $0) } ?? .none)
        case .interactive where browser.isAtHand && issuer.authorizationEndpoint != nil, .browser:
            let tokens = try await CodeGrant(issuer, resource: request.resource).tokens(port: request.redirectPort) {
                say("sign in in the browser; if none opens, open this page:\n  \($0)\n")
                browser.open($0)
            }
            return (tokens, .none)
        case .interactive, .device, .tokenFile:
            let device = try await DeviceGrant(issuer, resource: request.resource)
            say("open  \(device.page)\ncode  \(device.userCode)\n")
            if case .interactive = request.method, browser.isAtHand { browser.open(device.page) }
            return (try await device.approval(), .none)
        }
    }

    /// Shows a file's token to the gateway; where the gateway does not take it and an issuer of the gateway exchanges
    /// tokens, that issuer's instead.
    private func present(
        _ file: TokenFile, of path: String, _ gateway: String, _ request: LoginRequest, _ entries: [JSON]
    ) async throws(ClientFault) -> SignIn {
        let direct = SignIn(
            gateway: gateway, way: request.way, issuer: file.claims.issuer, resource: request.resource,
            renewal: .tokenFile(path), subjectToken: file.token, expiration: file.expiration)
        do throws(ClientFault) { return try await understood(direct) } catch {
            guard case .signIn(.refusedByGateway) = error else { throw error }
            for entry in entries where request.issuer == nil || entry["issuer"]?.string == request.issuer {
                let issuer = try await Issuer.discover(entry, request.way.toIssuer(engine))
                guard issuer.offersExchange else { continue }
                let tokens = try await file.exchanged(
                    at: issuer.tokenEndpoint, clientID: issuer.clientID, scopes: issuer.scopes,
                    resource: request.resource, issuer.http)
                var signIn = SignIn(
                    gateway: gateway, way: request.way, issuer: issuer.url, clientID: issuer.clientID,
                    tokenEndpoint: issuer.tokenEndpoint, revocationEndpoint: issuer.revocationEndpoint,
                    resource: request.resource, scopes: issuer.scopes, isExchanged: true, renewal: .tokenFile(path),
                    subjectToken: "", expiration: tokens.expiration)
                signIn.take(tokens)
                return try await understood(signIn)
            }
            throw error
        }
    }

    /// The sign-in with the names that the gateway reads in its token: it is asked for a session token.
    private func understood(_ signIn: SignIn) async throws(ClientFault) -> SignIn {
        let session = try await SessionExchange(engine).session(from: signIn, byline: Byline())
        var signIn = signIn
        let claims = TokenClaims(session.token)
        signIn.username = claims?.json["sub"]?.string ?? ""
        signIn.groups = claims?.json["groups"]?.strings ?? []
        return signIn
    }

    /// A clock that is off goes unnoticed here, where lives are reckoned from the present; elsewhere it does not.
    private func warnOfClocks(_ tokens: Issuer.Tokens) {
        guard let issued = TokenClaims(tokens.identity ?? tokens.access)?.json["iat"]?.integer else { return }
        guard let clocks = ClockDifference(with: Int64(issued)) else { return }
        say(
            "byline: this machine's clock is \(clocks) the issuer's\n"
                + "hint: set it by the network, as with: timedatectl set-ntp true\n")
    }

    /// How a gateway is reached: as is given, else as at the sign-in that is kept, else as at a first one.
    func way(to gateway: String, given: Way) throws(ClientFault) -> Way {
        guard given.authority == nil else { return given }
        var way = given
        // One that cannot be read is made anew, so it is as at a first one.
        if let entry = try store.entry(of: account, at: gateway), let signIn = try? store.load(entry, at: gateway) {
            way.authority = signIn.way.authority
            way.clientCertificate = way.clientCertificate ?? signIn.way.clientCertificate
        } else {
            way.authority = try knownAuthority(gateway)
        }
        return way
    }

    /// `BYLINE_CERTIFICATE_AUTHORITY`; else the person's own development gateway is trusted without a flag: its authority
    /// lies in the person's state folder.
    private func knownAuthority(_ gateway: String) throws(ClientFault) -> String? {
        if let file = environment.certificateAuthority { return try Self.readShared(file) }
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

    static func normalized(_ url: String) throws(ClientFault) -> String {
        guard let normalized = GatewayURL.normalized(url) else { throw .badURL(url) }
        return normalized
    }

    static func readShared(_ file: String) throws(ClientFault) -> String {
        do throws(FileFault) { return String(decoding: try PrivateFile.readShared(file), as: UTF8.self) } catch {
            throw .file(error)
        }
    }
}
