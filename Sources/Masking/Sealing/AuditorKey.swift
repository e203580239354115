import Crypto
import FoundationEssentials
import Vocabulary

/// What the originals are sealed with (RFC 9180): X25519, HKDF-SHA256, ChaCha20-Poly1305.
enum SealSuite {
    static let hpke = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly
    static let info = Data("byline sealed originals 1".utf8)
}

/// An auditor's public key, as the configuration names it: `byline-auditor-1:` and base64.
public struct AuditorKey: Hashable, Sendable {
    static let head = "byline-auditor-1:"
    let bytes: [UInt8]

    /// Reads a public key; nil where the text is none.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.head), let bytes = Base64.decode(text.dropFirst(Self.head.count)),
            (try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: bytes)) != nil
        else { return nil }
        self.bytes = bytes
    }

    /// Reads what `byline-gateway keys generate auditor` prints, out of a file; nil where it holds something else.
    public init?(file bytes: [UInt8]) { self.init(AuditorIdentity.line(bytes)) }

    init(_ key: Curve25519.KeyAgreement.PublicKey) { bytes = Array(key.rawRepresentation) }

    public var text: String { Self.head + Base64.encode(bytes) }

    /// By which a seal names who can open it: the beginning of the key's SHA-256.
    var id: String { HexDigits.lower(SHA256.hash(data: bytes).prefix(8)) }
}

/// An auditor's private key: a file that only the auditor has, and never the gateway.
public struct AuditorIdentity: Sendable {
    private static let head = "byline-auditor-identity-1:"
    let key: Curve25519.KeyAgreement.PrivateKey

    /// Reads an identity file's contents; nil where it is none.
    public init?(file bytes: [UInt8]) {
        let text = Self.line(bytes)
        guard text.hasPrefix(Self.head), let secret = Base64.decode(text.dropFirst(Self.head.count)),
            let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: secret)
        else { return nil }
        self.key = key
    }

    /// A file's one line, without the white space behind it that an editor or a copy through Windows may have left.
    static func line(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(bytes.lastIndex { !$0.isSpace }.map { $0 + 1 } ?? 0), as: UTF8.self)
    }

    /// A new identity file's contents.
    public static func generateFile() -> [UInt8] {
        let key = Curve25519.KeyAgreement.PrivateKey()
        return Array("\(head)\(Base64.encode(key.rawRepresentation))\n".utf8)
    }

    public var publicKey: AuditorKey { AuditorKey(key.publicKey) }
}
