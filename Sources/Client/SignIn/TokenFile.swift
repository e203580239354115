import LocalState
import Vocabulary

/// A token that something else keeps fresh in a file, as the kubelet does with a projected ServiceAccount token.
struct TokenFile: Sendable {
    let token: String
    let claims: TokenClaims

    /// The kubelet's file belongs to root and may be open to its group: who may read it is not this program's to judge.
    init(_ path: String) throws(ClientFault) {
        let text: [UInt8]
        do throws(FileFault) { text = try PrivateFile.readShared(path) } catch { throw .file(error) }
        let token = String(decoding: text, as: UTF8.self).filter { !$0.isWhitespace }
        guard let claims = TokenClaims(token) else { throw .signIn(.noTokenInFile(path: path)) }
        self.token = token
        self.claims = claims
    }

    /// Where the token says nothing of its end it is used for a minute, and read again.
    var expiration: Timestamp { claims.expiration ?? Timestamp.now().advanced(bySeconds: 120) }

    /// Exchanges the token for one of an issuer that the gateway trusts (RFC 8693).
    func exchanged(
        at endpoint: String, clientID: String, scopes: [String], resource: String?, _ http: GatewayHTTP
    ) async throws(ClientFault) -> Issuer.Tokens {
        try await Issuer.tokens(
            at: endpoint,
            [
                ("grant_type", Issuer.exchangeGrant), ("client_id", clientID), ("subject_token", token),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
                ("scope", scopes.joined(separator: " ")),
            ] + Issuer.field(resource: resource), http)
    }
}
