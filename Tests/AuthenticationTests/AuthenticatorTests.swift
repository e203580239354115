import Crypto
import Foundation
import LocalState
import Testing
import Vocabulary

@testable import Authentication

@Suite struct AuthenticatorTests {
    static let now = Timestamp(seconds: 1_800_000_000)
    let issuerKey: SigningKey
    let otherKey: SigningKey
    let sessions: SessionTokens
    let authenticator: Authenticator

    init() async throws {
        issuerKey = try await SigningKey.es256(P256.Signing.PrivateKey())
        otherKey = try await SigningKey.es256(P256.Signing.PrivateKey())
        sessions = SessionTokens(
            issuer: "https://gateway.example", keys: SessionTokenKeys(current: try await SigningKey.ed25519(.init())))
        var mapping = ClaimMapping()
        mapping.username = ClaimPath("preferred_username")
        let issuer = TrustedIssuer(
            url: "https://issuer.example", audiences: ["byline"], authorizedParties: ["byline-cli"], mapping: mapping,
            keys: issuerKey.keySource)
        authenticator = Authenticator(sessionTokens: sessions, issuers: [issuer])
    }

    private func claims(_ changes: [String: JSON?] = [:]) -> JSON {
        var claims: [String: JSON] = [
            "iss": "https://issuer.example", "aud": ["byline", "other"], "exp": .integer(Self.now.seconds + 600),
            "iat": .integer(Self.now.seconds), "preferred_username": "alice", "sub": "1",
            "groups": ["developers", "ops, night"],
        ]
        for (name, value) in changes { claims[name] = value }
        return .object(claims.map { JSON.Member($0.key, $0.value) })
    }

    private func expect(
        _ fault: AuthenticationFault, _ token: String, at location: SourceLocation = #_sourceLocation
    ) async {
        await #expect(throws: fault, sourceLocation: location) {
            try await authenticator.verify(token, now: Self.now)
        }
    }

    @Test func takesAnIssuersTokenWithItsGroupsWhole() async throws {
        let token = try await authenticator.verify(try issuerKey.sign(claims(), type: "JWT"), now: Self.now)
        #expect(token.identity.username == "alice")
        #expect(token.identity.groups == ["developers", "ops, night"])
        #expect(token.expiration == Self.now.advanced(bySeconds: 600))
    }

    @Test func aSessionEndsWithTheTrustInItsIssuer() async throws {
        let real = Timestamp.now()
        let subject = try issuerKey.sign(
            claims(["exp": .integer(real.seconds + 120), "iat": .integer(real.seconds)]), type: "JWT")
        let verified = try await authenticator.verify(subject)
        let minted = try sessions.mint(for: verified, byline: Byline(), now: real).token
        _ = try await authenticator.verify(minted)
        let other = TrustedIssuer(
            url: "https://else.example", audiences: ["byline"], mapping: ClaimMapping(), keys: issuerKey.keySource)
        let later = Authenticator(sessionTokens: sessions, issuers: [other])
        await #expect(throws: AuthenticationFault.unknownIssuer("https://issuer.example")) {
            try await later.verify(minted)
        }
    }

    @Test func anIssuerIsTrustedForItsClustersOnly() async throws {
        let (own, other) = (try #require(ClusterName("own")), try #require(ClusterName("other")))
        let issuer = TrustedIssuer(
            url: "https://issuer.example", audiences: ["byline"], mapping: ClaimMapping(), clusters: [own],
            keys: issuerKey.keySource)
        let bound = Authenticator(sessionTokens: sessions, issuers: [issuer])
        let identity = Identity(issuer: "https://issuer.example", username: "a", groups: [])
        #expect(bound.isTrusted(identity, for: own) && !bound.isTrusted(identity, for: other))
        #expect(authenticator.isTrusted(identity, for: other))
    }

    @Test func aLogoutTokenOpensNothing() async throws {
        let events: JSON = ["http://schemas.openid.net/event/backchannel-logout": [:]]
        await expect(.wrongType("logout+jwt"), try issuerKey.sign(claims(["events": events]), type: "JWT"))
    }

    @Test func refusesWhatIsNotSignedByTheIssuersKey() async throws {
        let good = try issuerKey.sign(claims(), type: "JWT")
        let parts = good.split(separator: ".").map(String.init)
        await expect(.unknownKey(otherKey.id), try otherKey.sign(claims(), type: "JWT"))
        let forged = try otherKey.sign(claims(), type: "JWT").split(separator: ".").map(String.init)
        await expect(.badSignature, "\(parts[0]).\(parts[1]).\(forged[2])")
        let changed = Base64.encodeURL(claims(["preferred_username": "root"]).canonicalBytes)
        await expect(.badSignature, "\(parts[0]).\(changed).\(parts[2])")
    }

    @Test func refusesAlgorithmTricks() async throws {
        let parts = try issuerKey.sign(claims(), type: "JWT").split(separator: ".").map(String.init)
        for algorithm in ["none", "None", "HS256", "ES384", "RS256", ""] {
            let header: JSON = ["alg": .string(algorithm), "kid": .string(issuerKey.id), "typ": "JWT"]
            let head = Base64.encodeURL(header.canonicalBytes)
            await expect(.algorithmRefused(algorithm), "\(head).\(parts[1]).\(parts[2])")
            await expect(.algorithmRefused(algorithm), "\(head).\(parts[1]).")
        }
        // Key confusion: the public key as a shared secret.
        let header: JSON = ["alg": "HS256", "kid": .string(issuerKey.id)]
        let signed = "\(Base64.encodeURL(header.canonicalBytes)).\(parts[1])"
        let key = SymmetricKey(data: issuerKey.jwk.canonicalBytes)
        let mac = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key)
        await expect(.algorithmRefused("HS256"), "\(signed).\(Base64.encodeURL(Array(mac)))")
    }

    @Test func refusesClaimsThatDoNotFit() async throws {
        let end = Timestamp(seconds: Self.now.seconds - 31)
        let start = Timestamp(seconds: Self.now.seconds + 31)
        let cases: [([String: JSON?], AuthenticationFault)] = [
            (["exp": .integer(end.seconds)], .expired(at: end)), (["exp": nil], .missingClaim("exp")),
            (["nbf": .integer(start.seconds)], .notYetValid(from: start)),
            (["iat": .integer(start.seconds)], .notYetValid(from: start)),
            (["aud": "other"], .wrongAudience), (["aud": nil], .wrongAudience),
            (["iss": "https://issuer.example/"], .unknownIssuer("https://issuer.example/")),
            (["preferred_username": nil], .missingClaim("preferred_username")),
            (["preferred_username": ""], .missingClaim("preferred_username")),
            (["azp": "another"], .wrongParty), (["azp": 7], .wrongParty), (["exp": "tomorrow"], .invalidClaim("exp")),
            (["preferred_username": "system:admin"], .reservedName("system:admin")),
            (["groups": ["dev", "system:masters"]], .reservedName("system:masters")),
            (["groups": ["dev\r\nImpersonate-User: root"]], .invalidClaim("a name in it")),
            (["groups": [["nested"]]], .invalidClaim("groups")), (["groups": ["a": "b"]], .invalidClaim("groups")),
        ]
        for (changes, fault) in cases { await expect(fault, try issuerKey.sign(claims(changes), type: "JWT")) }
        await expect(.wrongType("logout+jwt"), try issuerKey.sign(claims(), type: "logout+jwt"))
    }

    @Test func refusesExtensionsThatItDoesNotUnderstand() async throws {
        let parts = try issuerKey.sign(claims(), type: "JWT").split(separator: ".").map(String.init)
        let header: JSON = ["alg": "ES256", "b64": false, "crit": ["b64"], "kid": .string(issuerKey.id)]
        await expect(.criticalHeader, "\(Base64.encodeURL(header.canonicalBytes)).\(parts[1]).\(parts[2])")
    }

    @Test func aTokenBoundToACertificateIsExchangedByItsHolderOnly() async throws {
        let bound = SessionTokens(issuer: sessions.issuer, keys: sessions.keys, binding: .required)
        let exchange = TokenExchange(authenticator: authenticator, sessionTokens: bound)
        let real = Timestamp.now()
        let subject = try issuerKey.sign(
            claims(["exp": .integer(real.seconds + 120), "iat": .integer(real.seconds)]), type: "JWT")
        func fields(_ token: String) -> FormFields {
            FormFields([
                ("grant_type", TokenExchange.grantType), ("subject_token", token),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            ])
        }
        let without = await exchange.exchange(fields(subject), certificateThumbprint: nil)
        #expect(without.json["error"] == "invalid_request")
        let answer = await exchange.exchange(fields(subject), certificateThumbprint: "thumb")
        let token = try #require(answer.json["access_token"]?.string)
        #expect(try await authenticator.verify(token).certificateThumbprint == "thumb")
        let stolen = await exchange.exchange(fields(token), certificateThumbprint: "other")
        #expect(stolen.json["error"] == "invalid_grant")
    }

    @Test func aClockThatIsOffByLessThanTheLeewayIsForgiven() async throws {
        for changes: [String: JSON?] in [
            ["exp": .integer(Self.now.seconds - 29)], ["nbf": .integer(Self.now.seconds + 29)],
        ] {
            _ = try await authenticator.verify(try issuerKey.sign(claims(changes), type: "JWT"), now: Self.now)
        }
    }

    @Test func refusesWhatIsNoToken() async throws {
        let parts = try issuerKey.sign(claims(), type: "JWT").split(separator: ".").map(String.init)
        for text in [
            "", ".", "..", "a.b", "\(parts[0]).\(parts[1])", "\(parts[0]).\(parts[1]).\(parts[2]).x",
            "\(parts[0])=.\(parts[1]).\(parts[2])",
        ] {
            await expect(.malformed, text)
        }
        let twice = Base64.encodeURL(Array(#"{"iss":"a","iss":"b"}"#.utf8))
        await expect(.malformed, "\(parts[0]).\(twice).\(parts[2])")
        await expect(.tooLong(limit: 16 << 10), String(repeating: "a", count: 20_000))
    }

    @Test func aSessionTokenSaysWhatTheSubjectTokenSaidAndEndsNoLater() async throws {
        let real = Timestamp.now()
        let subject = try issuerKey.sign(
            claims(["exp": .integer(real.seconds + 120), "iat": .integer(real.seconds)]), type: "JWT")
        let exchange = TokenExchange(authenticator: authenticator, sessionTokens: sessions)
        let fields = FormFields([
            ("grant_type", TokenExchange.grantType), ("subject_token", subject),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"), ("gen_ai.request.model", "m"),
            ("gen_ai.conversation.id", "c-1"),
        ])
        let answer = await exchange.exchange(fields, certificateThumbprint: nil)
        #expect(answer.isSuccess)
        let token = try await authenticator.verify(try #require(answer.json["access_token"]?.string))
        #expect(token.identity.username == "alice")
        #expect(token.identity.groups == ["developers", "ops, night"])
        #expect(token.identity.issuer == "https://issuer.example")
        #expect(token.byline[.model] == Byline.Claim("m", .asserted))
        #expect(token.expiration.seconds == real.seconds + 120)
        #expect(answer.json["session"]?.string == token.session.description)
        // The same conversation is the same session; the next exchange finds it again.
        let again = await exchange.exchange(fields, certificateThumbprint: nil)
        #expect(again.json["session"] == answer.json["session"])
        let tags = Byline([.promptID: "p-9"], trust: .asserted)
        let caller = token.authenticated(withRequestByline: tags)
        #expect(caller.session == token.session)
        #expect(caller.byline[.model]?.value == "m")
        #expect(caller.byline[.promptID]?.value == "p-9")
        let elsewhere = token.authenticated(withRequestByline: Byline([.conversation: "c-2"], trust: .asserted))
        #expect(elsewhere.session != token.session)
    }

    @Test func tokenExchangeAnswersAsRFC6749Says() async throws {
        let exchange = TokenExchange(authenticator: authenticator, sessionTokens: sessions)
        let type = ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")
        let grant = ("grant_type", TokenExchange.grantType)
        let cases: [([(String, String)], String)] = [
            ([], "unsupported_grant_type"), ([("grant_type", "password")], "unsupported_grant_type"),
            ([grant], "invalid_request"), ([grant, ("subject_token", "x")], "invalid_request"),
            ([grant, ("subject_token", "x"), type], "invalid_grant"),
            (
                [grant, ("subject_token", "x"), type, ("prompt.id", String(repeating: "x", count: 2_000))],
                "invalid_request"
            ),
        ]
        for (fields, code) in cases {
            let answer = await exchange.exchange(FormFields(fields), certificateThumbprint: nil)
            #expect(!answer.isSuccess)
            #expect(answer.json["error"]?.string == code)
        }
    }

    @Test func keysOfBeforeAreStillBelievedWhileTheyOverlap() async throws {
        let next = SessionTokens(
            issuer: sessions.issuer,
            keys: SessionTokenKeys(current: try await SigningKey.ed25519(.init()), previous: [sessions.keys.current]))
        let subject = VerifiedToken(
            identity: Identity(issuer: "https://issuer.example", username: "u", groups: []), session: .random(),
            byline: Byline(),
            expiration: Timestamp.now().advanced(bySeconds: 60), actor: nil, isSessionToken: true)
        let old = try sessions.mint(for: subject, byline: Byline(), now: .now()).token
        let issuer = TrustedIssuer(
            url: "https://issuer.example", audiences: ["byline"], mapping: ClaimMapping(), keys: issuerKey.keySource)
        let rotated = Authenticator(sessionTokens: next, issuers: [issuer])
        #expect(try await rotated.verify(old).identity.username == "u")
        #expect(next.keys.jwks["keys"]?.array?.count == 2)
        let fresh = try next.mint(for: subject, byline: Byline(), now: .now()).token
        await #expect(throws: AuthenticationFault.unknownKey(next.keys.current.id)) {
            try await authenticator.verify(fresh)
        }
    }

    @Test func theCacheForgetsATokenThatHasEnded() async throws {
        var cache = VerifiedCache<VerifiedToken>()
        let token = try await authenticator.verify(try issuerKey.sign(claims(), type: "JWT"), now: Self.now)
        cache.insert(token, for: "t")
        #expect(cache.lookup("t", now: Self.now) == token)
        #expect(cache.lookup("u", now: Self.now) == nil)
        #expect(cache.lookup("t", now: token.expiration) == nil)
    }
}
