public import Crypto
import JWTKit
import Vocabulary

extension SigningKey {
    /// An Ed25519 key, for `EdDSA` (RFC 8037).
    public static func ed25519(_ key: Curve25519.Signing.PrivateKey) async throws -> SigningKey {
        let x = Base64.encodeURL(key.publicKey.rawRepresentation)
        // RFC 7638: the key's thumbprint names it.
        let thumbprint: JSON = ["crv": "Ed25519", "kty": "OKP", "x": .string(x)]
        let id = Self.id(ofThumbprint: thumbprint)
        let collection = JWTKeyCollection()
        await collection.add(eddsa: EdDSA.PrivateKey(backing: key), kid: JWKIdentifier(string: id))
        return SigningKey(
            id: id,
            jwk: [
                "alg": "EdDSA", "crv": "Ed25519", "kid": .string(id), "kty": "OKP", "use": "sig", "x": .string(x),
            ],
            algorithm: try await collection.getKey(for: JWKIdentifier(string: id)))
    }

    /// A P-256 key, for `ES256` (RFC 7518 §3.4).
    public static func es256(_ key: P256.Signing.PrivateKey) async throws -> SigningKey {
        let raw = key.publicKey.rawRepresentation
        let (x, y) = (Base64.encodeURL(raw.prefix(32)), Base64.encodeURL(raw.suffix(32)))
        let id = Self.id(ofThumbprint: ["crv": "P-256", "kty": "EC", "x": .string(x), "y": .string(y)])
        let collection = JWTKeyCollection()
        await collection.add(ecdsa: try ES256PrivateKey(backing: key), kid: JWKIdentifier(string: id))
        return SigningKey(
            id: id,
            jwk: [
                "alg": "ES256", "crv": "P-256", "kid": .string(id), "kty": "EC", "use": "sig", "x": .string(x),
                "y": .string(y),
            ],
            algorithm: try await collection.getKey(for: JWKIdentifier(string: id)))
    }

    private static func id(ofThumbprint jwk: JSON) -> String {
        Base64.encodeURL(Array(SHA256.hash(data: jwk.canonicalBytes)))
    }
}
