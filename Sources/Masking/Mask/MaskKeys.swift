import Crypto
import Vocabulary

/// The gateway's keys for masks: one for what callers see, another for what the record holds, so that who knows a value's
/// mask from one side cannot look for it on the other.
public struct MaskKeys: Sendable {
    /// Why a key file cannot be used.
    public struct FileProblem: Error, CustomStringConvertible, Sendable {
        public let description = "it is no mask key: make one with byline-gateway keys generate mask --out FILE"
    }

    private static let fileHead = "byline-mask-key-1:"
    private let recorded: SymmetricKey
    /// Before anything was added: what each digest begins with.
    private let deliveredDigest: HMAC<SHA256>
    private let recordedDigest: HMAC<SHA256>

    /// Derives both keys from a key file's 32 random bytes (HKDF-SHA256).
    private init(secret: [UInt8]) {
        let secret = SymmetricKey(data: secret)
        func derive(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: secret, info: Array(purpose.utf8), outputByteCount: 32)
        }
        recorded = derive("byline mask recorded")
        deliveredDigest = HMAC(key: derive("byline mask delivered"))
        recordedDigest = HMAC(key: recorded)
    }

    /// Reads a key file's contents.
    public init(file bytes: [UInt8]) throws(FileProblem) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix(Self.fileHead), text.hasSuffix("\n"),
            let secret = Base64.decode(text.dropFirst(Self.fileHead.count).dropLast()), secret.count == 32
        else { throw FileProblem() }
        self.init(secret: secret)
    }

    /// A new key file's contents.
    public static func generateFile() -> [UInt8] {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        return Array("\(fileHead)\(Base64.encode(secret))\n".utf8)
    }

    /// The two masks of a value.
    func masks(of value: UnsafeRawBufferPointer) -> Masks {
        var digest = MaskDigest(self)
        digest.add(value)
        return digest.masks
    }

    /// A digest, keyed.
    func conceal(_ digest: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: digest, using: recorded))
    }

    fileprivate var digests: (delivered: HMAC<SHA256>, recorded: HMAC<SHA256>) { (deliveredDigest, recordedDigest) }
}

/// The two masks that stand for one value.
struct Masks: Hashable, Sendable {
    let delivered: Mask
    let recorded: Mask
}

/// Computes the masks of a value that comes in pieces.
struct MaskDigest {
    private var delivered: HMAC<SHA256>
    private var recorded: HMAC<SHA256>

    init(_ keys: MaskKeys) { (delivered, recorded) = keys.digests }

    mutating func add(_ piece: UnsafeRawBufferPointer) {
        delivered.update(data: piece)
        recorded.update(data: piece)
    }

    var masks: Masks { Masks(delivered: Self.mask(delivered), recorded: Self.mask(recorded)) }

    private static func mask(_ digest: HMAC<SHA256>) -> Mask { digest.finalize().withUnsafeBytes { Mask(digest: $0) } }
}
