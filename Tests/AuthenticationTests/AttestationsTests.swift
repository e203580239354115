import Crypto
import LocalState
import Testing
import Vocabulary

@testable import Authentication

@Suite struct AttestationsTests {
    private static let now = Timestamp(seconds: 1_800_000_000)
    private let key: SigningKey
    private let attestations: Attestations

    init() async throws {
        key = try await SigningKey.es256(.init())
        attestations = Attestations([
            Attestations.Attester(issuer: "https://orchestrator.example", audiences: ["gw"], keys: key.keySource)
        ])
    }

    private func claims(_ changes: [String: JSON?] = [:]) -> JSON {
        var claims: [String: JSON] = [
            "iss": "https://orchestrator.example", "aud": "gw", "exp": .integer(Self.now.seconds + 60),
            "iat": .integer(Self.now.seconds), "sub": "alice", "prompt.id": "p-1", "gen_ai.request.model": "m-1",
        ]
        for (name, value) in changes { claims[name] = value }
        return .object(claims.map { JSON.Member($0.key, $0.value) })
    }

    @Test func itsFieldsAreAttested() async throws {
        let attested = try await attestations.verify(try key.sign(claims(), type: "JWT"), now: Self.now)
        #expect(attested.byline[.promptID] == Byline.Claim("p-1", .attested))
        #expect(attested.byline[.model] == Byline.Claim("m-1", .attested))
        #expect(attested.contradiction(with: Byline([.promptID: "p-1", .agentName: "a"], trust: .asserted)) == nil)
        #expect(attested.contradiction(with: Byline([.promptID: "p-2"], trust: .asserted)) == .promptID)
    }

    @Test func refusesWhatItsSignerDoesNotStandFor() async throws {
        let other = try await SigningKey.es256(.init())
        let end = Timestamp(seconds: Self.now.seconds - 31)
        let cases: [(String, AuthenticationFault)] = [
            (try other.sign(claims(), type: "JWT"), .unknownKey(other.id)),
            (
                try key.sign(claims(["iss": "https://else.example"]), type: "JWT"),
                .unknownIssuer("https://else.example")
            ),
            (try key.sign(claims(["aud": "elsewhere"]), type: "JWT"), .wrongAudience),
            (try key.sign(claims(["exp": .integer(end.seconds)]), type: "JWT"), .expired(at: end)),
            (try key.sign(claims(["iat": nil]), type: "JWT"), .missingClaim("iat")),
            (try key.sign(claims(["sub": nil]), type: "JWT"), .missingClaim("sub")),
            (
                try key.sign(
                    claims([
                        "iat": .integer(Self.now.seconds - 300 * 86_400),
                        "exp": .integer(Self.now.seconds + 315_360_000),
                    ]),
                    type: "JWT"), .expired(at: Timestamp(seconds: Self.now.seconds - 300 * 86_400 + 900))
            ),
            (try key.sign(claims(["prompt.id": 7]), type: "JWT"), .invalidClaim("prompt.id")),
            (try key.sign(claims(["prompt.id": "a\r\nb"]), type: "JWT"), .invalidClaim("prompt.id")),
            (try key.sign(claims(), type: "byline-session+jwt"), .wrongType("byline-session+jwt")),
        ]
        for (text, fault) in cases {
            await #expect(throws: fault) { try await attestations.verify(text, now: Self.now) }
        }
    }

    @Test func canSpeakOfOnePersonOnly() async throws {
        let text = try key.sign(claims(["sub": "alice"]), type: "JWT")
        let attested = try await attestations.verify(text, now: Self.now)
        let session = SessionID.random()
        #expect(attested.covers(Identity(issuer: "i", username: "alice", groups: []), session: session))
        #expect(
            attested.covers(Identity(issuer: "i", username: "corp:alice", uid: "alice", groups: []), session: session))
        #expect(!attested.covers(Identity(issuer: "i", username: "bob", groups: []), session: session))
    }

    @Test func canSpeakOfOneSessionOnlyAndServesNoOther() async throws {
        let (one, other) = (SessionID.random(), SessionID.random())
        let alice = Identity(issuer: "i", username: "alice", groups: [])
        let bound = try await attestations.verify(
            try key.sign(claims(["sub": nil, "sid": .string(one.description)]), type: "JWT"), now: Self.now)
        #expect(bound.covers(alice, session: one) && !bound.covers(alice, session: other))
        let real = Timestamp.now()
        let times: [String: JSON?] = ["iat": .integer(real.seconds), "exp": .integer(real.seconds + 60), "jti": "j-1"]
        let once = try await attestations.verify(try key.sign(claims(times), type: "JWT"))
        #expect(attestations.claim(once, for: one) && attestations.claim(once, for: one))
        #expect(!attestations.claim(once, for: other))
    }
}
