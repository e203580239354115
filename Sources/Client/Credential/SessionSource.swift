import CredentialCache
import LocalState
import Vocabulary

/// Session tokens from the cache or, under the sign-in's lock, from the gateway.
extension SigningIn {
    /// A session token for a byline that is not kept.
    func session(at url: String?, byline: Byline) async throws(ClientFault) -> (SignIn, SessionExchange.Session) {
        let signIn = try await current(gateway: url)
        do throws(ClientFault) {
            return (signIn, try await SessionExchange(engine).session(from: signIn, byline: byline))
        } catch {
            guard case .signIn(.refusedByGateway(_, _, canRetry: true, _)) = error else { throw error }
            let lock = try await lock(signIn.gateway)
            let renewed = try await renewedAfterRefusal(signIn, error)
            let session = try await SessionExchange(engine).session(from: renewed, byline: byline)
            _ = consume lock
            return (renewed, session)
        }
    }

    /// A session token as the exec credential plugin gives it out: the kept one, or a new one that is kept. Of many
    /// programs at once one asks the gateway.
    ///
    /// - Parameter request: at which gateway, and for who writes.
    /// - Returns: the token to give out, and where it is good; that is nil of one that was kept.
    /// - Throws: `ClientFault`.
    func keptSession(
        _ request: CredentialRequest
    ) async throws(ClientFault) -> (session: CachedSession, fresh: GatewaySession.Token?) {
        let cache = SessionCache(request.folder)
        if let key = request.key, let kept = cache.load(key, now: .now()) { return (kept, nil) }
        let lock = try await lock(request.gateway)
        if let key = request.key, let kept = cache.load(key, now: .now()) { return (kept, nil) }
        var signIn = try await freshUnderLock(request.gateway)
        let session: SessionExchange.Session
        do throws(ClientFault) {
            session = try await SessionExchange(engine).session(from: signIn, byline: request.byline)
        } catch {
            guard case .signIn(.refusedByGateway(_, _, canRetry: true, _)) = error else { throw error }
            signIn = try await renewedAfterRefusal(signIn, error)
            session = try await SessionExchange(engine).session(from: signIn, byline: request.byline)
        }
        let fresh = CachedSession(token: session.token, expiration: session.usableUntil)
        if let key = request.key {
            do throws(FileFault) { try cache.store(fresh, for: key, now: .now()) } catch { throw .file(error) }
        }
        _ = consume lock
        return (
            fresh,
            GatewaySession.Token(
                gateway: signIn.gateway, way: signIn.way, session: session.id, text: session.token,
                usableUntil: session.usableUntil)
        )
    }

    /// A sign-in whose token the gateway does not take is renewed once; where somebody else has renewed it in the
    /// meantime, theirs is taken.
    private func renewedAfterRefusal(_ refused: SignIn, _ fault: ClientFault) async throws(ClientFault) -> SignIn {
        let now = try await freshUnderLock(refused.gateway)
        if now.subjectToken != refused.subjectToken { return now }
        do throws(ClientFault) { return try await freshUnderLock(refused.gateway, isRefused: true) } catch {
            // The gateway's own words say more than that the sign-in has ended.
            if case .signInExpired = error { throw fault }
            throw error
        }
    }
}
