import CurlTransport
import LocalState
import Vocabulary

/// `byline logout`.
extension SigningIn {
    /// Seconds for an issuer to revoke: the person has signed out already.
    private static let patience = 10

    /// What became of a sign-in.
    public struct SignedOut: Sendable {
        public let gateway: String
        public let username: String
        /// Why the issuer could not be told; nil where it was, or offers no way to be told (RFC 7009).
        public let unrevoked: ClientFault?
    }

    /// Forgets the sign-in and its session tokens, and has the issuer revoke its tokens where it can. A session token that
    /// is already in a program's hands is good until its end, within the hour.
    public func signOut(gateway url: String?) async throws(ClientFault) -> SignedOut {
        let gateway = try gateway(url)
        let lock = try await lock(gateway)
        guard let entry = try store.entry(of: account, at: gateway), let signIn = try store.load(entry, at: gateway)
        else { throw .notSignedIn }
        // Forgotten first: whatever the issuer answers, it is not used any more.
        try store.remove(entry, at: gateway)
        _ = consume lock
        var fault: ClientFault?
        do throws(ClientFault) { try await revoke(signIn) } catch { fault = error }
        return SignedOut(gateway: gateway, username: signIn.username, unrevoked: fault)
    }

    private func revoke(_ signIn: SignIn) async throws(ClientFault) {
        guard let endpoint = signIn.revocationEndpoint, case .refreshToken(let refresh) = signIn.renewal else { return }
        let answer = try await signIn.way.toIssuer(engine).postForm(
            [("token", refresh), ("token_type_hint", "refresh_token"), ("client_id", signIn.clientID)], to: endpoint,
            timeout: Self.patience)
        guard answer.head.status == 200 else { throw IssuerAnswer(answer, from: endpoint).refusal }
    }
}
