import Crypto
import Synchronization
import Testing
import Vocabulary

@testable import Authentication

@Suite struct KeySourceTests {
    /// An issuer whose keys the test changes, and which the test can stop.
    private final class Publisher: Sendable {
        struct Stopped: Error {}
        let keys: Mutex<KeySet?>
        let fetches = Atomic<Int>(0)

        init(_ keys: KeySet?) { self.keys = Mutex(keys) }

        func fetch() throws -> KeySet {
            fetches.add(1, ordering: .relaxed)
            guard let keys = keys.withLock({ $0 }) else { throw Stopped() }
            return keys
        }
    }

    private static func key() async throws -> SigningKey { try await SigningKey.es256(.init()) }

    private func timing(stale: Duration = .seconds(60)) -> PublishedKeys.Timing {
        var timing = PublishedKeys.Timing()
        timing.refresh = .seconds(60)
        timing.stale = stale
        timing.interval = .milliseconds(20)
        return timing
    }

    @Test func aKeyThatWasJustPublishedIsFound() async throws {
        let (first, second) = (try await Self.key(), try await Self.key())
        let publisher = Publisher(KeySet([first.verificationKey]))
        let keys = PublishedKeys(timing: timing()) { try publisher.fetch() }
        _ = try await keys.key(first.id, algorithm: "ES256")
        publisher.keys.withLock { $0 = KeySet([first.verificationKey, second.verificationKey]) }
        #expect(try await keys.key(second.id, algorithm: "ES256").id == second.id)
        _ = try await keys.key(first.id, algorithm: "ES256")
        #expect(publisher.fetches.load(ordering: .relaxed) == 2)
    }

    @Test func unknownKeysCannotMakeItFloodTheIssuer() async throws {
        let key = try await Self.key()
        let publisher = Publisher(KeySet([key.verificationKey]))
        var slow = timing()
        slow.interval = .milliseconds(200)
        let keys = PublishedKeys(timing: slow) { try publisher.fetch() }
        let clock = ContinuousClock()
        let elapsed = await clock.measure {
            for round in 0..<10 {
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<40 {
                        group.addTask { _ = try? await keys.key("unknown-\(round)-\(number)", algorithm: "ES256") }
                    }
                }
            }
        }
        _ = try await keys.key(key.id, algorithm: "ES256")
        // 400 tokens cause the burst, and one fetch more in each interval.
        #expect(publisher.fetches.load(ordering: .relaxed) <= slow.burst + 1 + Int(elapsed / slow.interval))
        let before = publisher.fetches.load(ordering: .relaxed)
        for _ in 0..<50 { _ = try? await keys.key("unknown-9-1", algorithm: "ES256") }
        #expect(publisher.fetches.load(ordering: .relaxed) <= before + 1)
    }

    @Test func theLastKeysAreBelievedWhileTheIssuerIsDownButNotForEver() async throws {
        let key = try await Self.key()
        let publisher = Publisher(KeySet([key.verificationKey]))
        let keys = PublishedKeys(timing: timing()) { try publisher.fetch() }
        _ = try await keys.key(key.id, algorithm: "ES256")
        publisher.keys.withLock { $0 = nil }
        await #expect(throws: AuthenticationFault.unknownKey("other")) {
            try await keys.key("other", algorithm: "ES256")
        }
        #expect(try await keys.key(key.id, algorithm: "ES256").id == key.id)
        #expect(keys.status.isUsable)
        #expect(keys.status.failure != nil)
        var past = timing(stale: .zero)
        past.refresh = .zero
        let old = PublishedKeys(timing: past) { try publisher.fetch() }
        publisher.keys.withLock { $0 = KeySet([key.verificationKey]) }
        await #expect(throws: AuthenticationFault.keysUnavailable) { try await old.key(key.id, algorithm: "ES256") }
    }

    @Test func tellsWhenKeysAreGone() async throws {
        let (first, second) = (try await Self.key(), try await Self.key())
        let publisher = Publisher(KeySet([first.verificationKey]))
        let removals = Mutex(0)
        let keys = PublishedKeys(timing: timing(), keysRemoved: { removals.withLock { $0 += 1 } }) {
            try publisher.fetch()
        }
        _ = try await keys.key(first.id, algorithm: "ES256")
        publisher.keys.withLock { $0 = KeySet([second.verificationKey]) }
        _ = try await keys.key(second.id, algorithm: "ES256")
        #expect(removals.withLock { $0 } == 1)
    }

    @Test func readsEveryKindOfKeyAndPassesOverTheRest() async throws {
        let p384 = P384.Signing.PrivateKey().publicKey.rawRepresentation
        let ed = Curve25519.Signing.PrivateKey().publicKey.rawRepresentation
        let p256 = P256.Signing.PrivateKey().publicKey.rawRepresentation
        let modulus = Base64.encodeURL([0xC1] + [UInt8](repeating: 0x5A, count: 254) + [0x01])
        let jwks: JSON = [
            "keys": [
                ["kty": "RSA", "kid": "rsa", "n": .string(modulus), "e": "AQAB"],
                [
                    "kty": "RSA", "kid": "weak", "n": .string(Base64.encodeURL([UInt8](repeating: 0xC1, count: 128))),
                    "e": "AQAB",
                ],
                ["kty": "RSA", "kid": "pinned", "alg": "PS256", "n": .string(modulus), "e": "AQAB"],
                [
                    "kty": "EC", "kid": "ec", "crv": "P-384", "x": .string(Base64.encodeURL(p384.prefix(48))),
                    "y": .string(Base64.encodeURL(p384.suffix(48))),
                ],
                [
                    "kty": "EC", "kid": "enc", "use": "enc", "crv": "P-256",
                    "x": .string(Base64.encodeURL(p256.prefix(32))),
                    "y": .string(Base64.encodeURL(p256.suffix(32))),
                ],
                ["kty": "OKP", "kid": "ed", "crv": "Ed25519", "x": .string(Base64.encodeURL(ed))],
                ["kty": "oct", "kid": "shared", "alg": "HS256", "k": "c2VjcmV0"],
            ]
        ]
        let keys = try #require(await KeySet(jwks: jwks))
        #expect(keys.ids == ["rsa", "pinned", "ec", "ed"])
        for algorithm in ["RS256", "RS512", "PS384"] { #expect(keys.key("rsa", algorithm: algorithm) != nil) }
        #expect(keys.key("pinned", algorithm: "RS256") == nil)
        #expect(keys.key("pinned", algorithm: "PS256") != nil)
        #expect(keys.key("ec", algorithm: "ES384") != nil)
        #expect(keys.key("ec", algorithm: "ES256") == nil)
        // Without a key id, only the one key of that algorithm can be meant.
        #expect(keys.key(nil, algorithm: "EdDSA")?.id == "ed")
        #expect(keys.key(nil, algorithm: "PS256") == nil)
        #expect(await KeySet(jwks: ["key": []]) == nil)
    }
}
