import JWTKit
public import Vocabulary

/// An issuer's public keys, as a JWK set publishes them (RFC 7517 §5), each bound to the algorithms that it can verify.
public struct KeySet: Sendable {
    /// Every algorithm that a key can be bound to. `none` and shared secrets are not among them.
    public static let algorithms = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ]
    /// A set with more keys than this is no issuer's.
    private static let maximumCount = 100

    private let keys: [VerificationKey]

    public init(_ keys: [VerificationKey]) { self.keys = keys }

    /// Reads a JWK set for the algorithms that are accepted. Keys for encryption, of unknown kinds or too weak are passed
    /// over; nil where this is no JWK set.
    public init?(jwks json: JSON, algorithms: Set<String> = Set(KeySet.algorithms)) async {
        guard let members = json["keys"]?.array, members.count <= Self.maximumCount else { return nil }
        var keys: [VerificationKey] = []
        for jwk in members where jwk["use"]?.string ?? "sig" == "sig" {
            if let operations = jwk["key_ops"]?.strings, !operations.contains("verify") { continue }
            for algorithm in Self.candidates(jwk) where algorithms.contains(algorithm) {
                if let key = await Self.key(jwk, algorithm) { keys.append(key) }
            }
        }
        self.keys = keys
    }

    public var isEmpty: Bool { keys.isEmpty }

    /// The names of the keys.
    var ids: Set<String> { Set(keys.map(\.id)) }

    /// The key that a token's header asks for. A token without a key id can only mean the one key of its algorithm.
    func key(_ id: String?, algorithm: String) -> VerificationKey? {
        let fitting = keys.filter { $0.algorithm.name == algorithm && (id == nil || $0.id == id) }
        return fitting.count == 1 ? fitting[0] : nil
    }

    /// True where a key of that name is there, of whatever algorithm.
    func hasKey(_ id: String?) -> Bool { id.map { id in keys.contains { $0.id == id } } ?? !keys.isEmpty }

    private static func candidates(_ jwk: JSON) -> [String] {
        let fitting =
            switch (jwk["kty"]?.string, jwk["crv"]?.string) {
            case ("RSA", _): ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
            case ("EC", "P-256"): ["ES256"]
            case ("EC", "P-384"): ["ES384"]
            case ("EC", "P-521"): ["ES512"]
            case ("OKP", "Ed25519"): ["EdDSA"]
            default: [] as [String]
            }
        guard let named = jwk["alg"]?.string else { return fitting }
        return fitting.filter { $0 == named }
    }

    private static func key(_ jwk: JSON, _ algorithm: String) async -> VerificationKey? {
        let collection = JWTKeyCollection()
        let kid = JWKIdentifier(string: "key")
        do {
            switch algorithm {
            case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512":
                guard let modulus = jwk["n"]?.string, let exponent = jwk["e"]?.string else { return nil }
                let key = try Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
                let digest: DigestAlgorithm =
                    algorithm.hasSuffix("256") ? .sha256 : algorithm.hasSuffix("384") ? .sha384 : .sha512
                if algorithm.hasPrefix("RS") {
                    await collection.add(rsa: key, digestAlgorithm: digest, kid: kid)
                } else {
                    await collection.add(pss: key, digestAlgorithm: digest, kid: kid)
                }
            case "ES256", "ES384", "ES512":
                guard let x = jwk["x"]?.string, let y = jwk["y"]?.string else { return nil }
                let point = (x: x, y: y)
                switch algorithm {
                case "ES256": await collection.add(ecdsa: try ES256PublicKey(parameters: point), kid: kid)
                case "ES384": await collection.add(ecdsa: try ES384PublicKey(parameters: point), kid: kid)
                default: await collection.add(ecdsa: try ES512PublicKey(parameters: point), kid: kid)
                }
            default:
                guard let x = jwk["x"]?.string else { return nil }
                await collection.add(eddsa: try EdDSA.PublicKey(x: x, curve: .ed25519), kid: kid)
            }
            return VerificationKey(id: jwk["kid"]?.string ?? "", algorithm: try await collection.getKey(for: kid))
        } catch { return nil }
    }
}
