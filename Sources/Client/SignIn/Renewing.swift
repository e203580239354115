import CredentialCache
import CurlTransport
import LocalState
import Vocabulary

/// A sign-in that is good at this moment: the one that is kept, or a renewed one.
extension SigningIn {
    /// The sign-in at a gateway (or at the one signed in at last), renewed where it is about to end. Many programs at once
    /// cause one renewal.
    public func current(gateway url: String?) async throws(ClientFault) -> SignIn {
        let gateway = try gateway(url)
        if let entry = try store.entry(of: account, at: gateway), let signIn = try store.load(entry, at: gateway),
            signIn.isFresh(at: .now())
        {
            return signIn
        }
        let lock = try await lock(gateway)
        let signIn = try await freshUnderLock(gateway)
        _ = consume lock
        return signIn
    }

    /// The gateway that is meant: the one named, `BYLINE_GATEWAY`, or the one signed in at last.
    func gateway(_ url: String?) throws(ClientFault) -> String {
        if let url = url ?? environment.gateway { return try Self.normalized(url) }
        guard let last = try store.lastGateway() else { throw .notSignedIn }
        return last
    }

    /// The lock of the account's sign-in; where there is none yet, that of signing in.
    func lock(_ gateway: String) async throws(ClientFault) -> FileLock {
        let entry = try store.entry(of: account, at: gateway) ?? "sign-in"
        return try await SignInLock.take(store.folder(gateway).lock(entry), gateway: gateway, say: say)
    }

    /// What `current` gives, for who holds the lock.
    ///
    /// - Parameters:
    ///   - gateway: normalized.
    ///   - isRefused: true where the gateway does not take the token that is kept, although it has not ended.
    /// - Returns: the sign-in, kept already.
    /// - Throws: `ClientFault.notSignedIn` and `.signInExpired` where only the person can help.
    func freshUnderLock(_ gateway: String, isRefused: Bool = false) async throws(ClientFault) -> SignIn {
        guard let entry = try store.entry(of: account, at: gateway), let signIn = try store.load(entry, at: gateway)
        else { return try await first(at: gateway) }
        if signIn.isFresh(at: .now()), !isRefused { return signIn }
        do throws(ClientFault) {
            let renewed = try await renewed(signIn)
            // The old refresh token may be worth nothing by now: the new one is kept before anything else is done.
            if renewed.json != signIn.json { try store.save(renewed, as: entry) }
            return renewed
        } catch {
            guard case .signInExpired = error, mayAsk, case .last = account else { throw error }
            var request = LoginRequest(method: .interactive, way: signIn.way, resource: signIn.resource)
            request.storage = signIn.isInKeyring ? .keyring : .file
            return try await self.signIn(at: gateway, request)
        }
    }

    /// A sign-in where there was none: with what the environment names, or by asking the person.
    private func first(at gateway: String) async throws(ClientFault) -> SignIn {
        let method: SignInMethod
        switch account {
        case .tokenFile(let file): method = .tokenFile(file)
        case .clientCredentials(let file): method = .clientCredentials(file: file)
        case .named(let name):
            let known = try store.all(at: gateway).map(\.signIn.username)
            throw .signIn(.unknownIdentity(name, gateway: gateway, known: known))
        case .last:
            guard mayAsk else { throw .notSignedIn }
            return try await signIn(at: gateway, LoginRequest(method: .interactive))
        }
        let signIn = try await begin(gateway, LoginRequest(method: method))
        if let entry = try store.entry(of: account, at: gateway) { try store.save(signIn, as: entry) }
        return signIn
    }

    private func renewed(_ old: SignIn) async throws(ClientFault) -> SignIn {
        var signIn = old
        let http = signIn.way.toIssuer(engine)
        switch signIn.renewal {
        case .none: throw .signInExpired(gateway: signIn.gateway)
        case .refreshToken(let refresh):
            do throws(ClientFault) {
                signIn.take(
                    try await Issuer.tokens(
                        at: signIn.tokenEndpoint,
                        [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", signIn.clientID)]
                            + Issuer.field(resource: signIn.resource), http))
            } catch {
                // Some issuers say no more than a status.
                if case .signIn(.refusedByIssuer(let code, _)) = error,
                    ["invalid_grant", "HTTP 400", "HTTP 401", "HTTP 403"].contains(code)
                {
                    throw .signInExpired(gateway: signIn.gateway)
                }
                throw error
            }
        case .credentials(let file):
            signIn.take(
                try await ClientCredentials(file: file).tokens(at: signIn.tokenEndpoint, scopes: signIn.scopes, http))
        case .tokenFile(let path):
            let file = try TokenFile(path)
            guard Timestamp.now() < file.expiration else {
                throw .signIn(.tokenFileEnded(path: path, at: file.expiration.rfc3339(fractionDigits: 0)))
            }
            guard signIn.isExchanged else {
                signIn.subjectToken = file.token
                signIn.expiration = file.expiration
                return signIn
            }
            signIn.take(
                try await file.exchanged(
                    at: signIn.tokenEndpoint, clientID: signIn.clientID, scopes: signIn.scopes,
                    resource: signIn.resource,
                    http))
        }
        return signIn
    }
}
