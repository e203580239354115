import JWTKit
public import Vocabulary

/// A JWT in compact form (RFC 7515 §7.1), taken apart and not yet believed.
struct SignedToken {
    /// The longest token that is read, in bytes.
    static let maximumLength = 16 << 10

    let header: JSON
    let payload: JSON
    private let signedPart: [UInt8]
    private let signature: [UInt8]

    init(_ text: String) throws(AuthenticationFault) {
        guard text.utf8.count <= Self.maximumLength else { throw .tooLong(limit: Self.maximumLength) }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let payload = Self.object(parts[1]),
            let signature = Base64.decodeURL(parts[2])
        else { throw .malformed }
        // RFC 7515 §4.1.11: an extension that must be understood and is not. We understand none.
        guard header["crit"] == nil else { throw .criticalHeader }
        self.header = header
        self.payload = payload
        self.signature = signature
        signedPart = Array("\(parts[0]).\(parts[1])".utf8)
    }

    var keyID: String? { header["kid"]?.string }

    var algorithm: String { header["alg"]?.string ?? "" }

    /// Fails unless the token is of one of these types, given in lower case; a token without a type is a plain JWT.
    func checkType(_ types: Set<String>) throws(AuthenticationFault) {
        guard let type = header["typ"] else { return }
        guard var name = type.string?.lowercased() else { throw .wrongType("") }
        if name.hasPrefix("application/") { name.removeFirst("application/".count) }
        guard types.contains(name) else { throw .wrongType(name) }
    }

    /// An object whose names are distinct: a repeated claim could be read in two ways.
    private static func object(_ part: Substring) -> JSON? {
        guard let bytes = Base64.decodeURL(part), let json = try? JSON(parsing: bytes), let members = json.members,
            Set(members.map(\.name)).count == members.count
        else { return nil }
        return json
    }

    /// Fails unless the key made the signature, with the key's own algorithm.
    func verify(with key: VerificationKey) throws(AuthenticationFault) {
        guard header["alg"]?.string == key.algorithm.name else {
            throw .algorithmRefused(header["alg"]?.string ?? "")
        }
        guard (try? key.algorithm.verify(signature, signs: signedPart)) == true else { throw .badSignature }
    }
}

/// A public key of an issuer, bound to one algorithm.
public struct VerificationKey: Sendable {
    public let id: String
    let algorithm: any JWTAlgorithm
}

/// A private key that signs JWTs.
public struct SigningKey: Sendable {
    public let id: String
    /// The public half as a JWK (RFC 7517).
    public let jwk: JSON
    let algorithm: any JWTAlgorithm

    public var verificationKey: VerificationKey { VerificationKey(id: id, algorithm: algorithm) }

    /// The public half alone, as a source of keys.
    public var keySource: FixedKeys { FixedKeys(KeySet([verificationKey])) }

    /// Signs claims into a JWT.
    public func sign(_ claims: JSON, type: String) throws -> String {
        let header: JSON = ["alg": .string(algorithm.name), "kid": .string(id), "typ": .string(type)]
        let signed = "\(Base64.encodeURL(header.canonicalBytes)).\(Base64.encodeURL(claims.canonicalBytes))"
        return "\(signed).\(Base64.encodeURL(try algorithm.sign(Array(signed.utf8))))"
    }
}
