import Crypto
import Vocabulary

/// The authorization code grant with PKCE (RFC 7636) and a redirect to a loopback port (RFC 8252): one request.
struct CodeGrant {
    /// How long a person has, in seconds.
    private static let patience = 300

    private let issuer: Issuer
    private let resource: String?
    private let verifier = CodeGrant.random()
    private let state = CodeGrant.random()
    private let nonce = CodeGrant.random()

    init(_ issuer: Issuer, resource: String?) {
        self.issuer = issuer
        self.resource = resource
    }

    /// Sends the person to the issuer's page, and waits for the browser to come back from there.
    ///
    /// - Parameters:
    ///   - port: of the redirect; nil for any free one.
    ///   - open: shows the person a page.
    /// - Returns: what the issuer gives.
    /// - Throws: `ClientFault`; a denial and a person who does not come back have cases of their own.
    func tokens(port: Int?, open: (String) -> Void) async throws(ClientFault) -> Issuer.Tokens {
        guard let endpoint = issuer.authorizationEndpoint else {
            throw .signIn(.noUsableGrant(issuer: issuer.url, offered: issuer.grants))
        }
        let redirect = try await LoopbackRedirect.listen(port: port, state: state)
        let question = FormFields(
            [
                ("response_type", "code"), ("client_id", issuer.clientID), ("redirect_uri", redirect.uri),
                ("scope", issuer.scopes.joined(separator: " ")), ("state", state), ("nonce", nonce),
                ("code_challenge", Base64.encodeURL(SHA256.hash(data: Array(verifier.utf8)))),
                ("code_challenge_method", "S256"),
            ] + Issuer.field(resource: resource))
        open(endpoint + (endpoint.contains("?") ? "&" : "?") + question.encoded)
        let answer = await redirect.answer(within: Self.patience)
        await redirect.stop()
        guard let answer else { throw .signIn(.timedOut) }
        try check(answer)
        guard let code = answer["code"], !code.isEmpty else {
            throw .signIn(.unusableAnswer(from: issuer.url, why: "it sent the browser back without a code"))
        }
        let tokens = try await issuer.tokens(
            [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect.uri),
                ("client_id", issuer.clientID), ("code_verifier", verifier),
            ] + Issuer.field(resource: resource))
        try check(tokens)
        return tokens
    }

    /// RFC 9207: an answer of another issuer is a mix-up. Then OAuth's own errors.
    private func check(_ answer: FormFields) throws(ClientFault) {
        if let named = answer["iss"], named != issuer.url {
            throw .signIn(.wrongIssuer(expected: issuer.url, got: named))
        }
        if issuer.namesItself, answer["iss"] == nil { throw .signIn(.wrongIssuer(expected: issuer.url, got: "")) }
        guard let error = answer["error"] else { return }
        if error == "access_denied" { throw .signIn(.denied) }
        throw .signIn(.refusedByIssuer(error, detail: answer["error_description"] ?? ""))
    }

    /// OpenID Connect Core §3.1.3.7, as far as it is not the gateway's: the token came straight from the issuer over TLS,
    /// and answers this very request.
    private func check(_ tokens: Issuer.Tokens) throws(ClientFault) {
        guard let identity = tokens.identity else { return }
        guard let claims = TokenClaims(identity), claims.issuer == issuer.url, claims.isFor(issuer.clientID),
            claims.json["nonce"]?.string == nonce
        else {
            throw .signIn(
                .unusableAnswer(from: issuer.tokenEndpoint, why: "its ID token does not answer this sign-in"))
        }
    }

    /// 256 random bits.
    private static func random() -> String { Base64.encodeURL((0..<32).map { _ in UInt8.random(in: 0...255) }) }
}
