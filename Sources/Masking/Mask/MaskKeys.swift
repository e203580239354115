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
    /// Where the hashes of fields' names begin, so that nobody can choose names with equal ones.
    let fieldSeed: UInt64
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
        fieldSeed = derive("byline mask field").withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
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

    /// The masks of the values that stand in one scope; equal values in other scopes have other masks.
    func binding(to scope: MaskScope) -> MaskBinding {
        MaskBinding(delivered: deliveredDigest, recorded: recordedDigest).bound(to: scope.name)
    }

    /// A digest, keyed.
    func conceal(_ digest: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: digest, using: recorded))
    }
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

    fileprivate init(delivered: HMAC<SHA256>, recorded: HMAC<SHA256>) {
        (self.delivered, self.recorded) = (delivered, recorded)
    }

    mutating func add(_ piece: UnsafeRawBufferPointer) {
        delivered.update(data: piece)
        recorded.update(data: piece)
    }

    var masks: Masks { Masks(delivered: Self.mask(delivered), recorded: Self.mask(recorded)) }

    private static func mask(_ digest: HMAC<SHA256>) -> Mask { digest.finalize().withUnsafeBytes { Mask(digest: $0) } }
}

/// The keys, bound to a place: equal values have equal masks at the same place only, so that nobody can try values elsewhere and
/// compare the masks.
struct MaskBinding: Sendable {
    fileprivate var delivered: HMAC<SHA256>
    fileprivate var recorded: HMAC<SHA256>

    /// The same, bound to a part of the place in addition.
    func bound(to part: some Collection<UInt8>) -> MaskBinding {
        // The length comes first: two parts are never read as one.
        let length = UInt32(truncatingIfNeeded: part.count)
        let bytes =
            [UInt8](unsafeUninitializedCapacity: 4) { bytes, count in
                for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
                count = 4
            } + part
        var bound = self
        bound.delivered.update(data: bytes)
        bound.recorded.update(data: bytes)
        return bound
    }

    /// The same, bound to a field by the hash of its name.
    func bound(toField field: UInt64) -> MaskBinding {
        var bound = self
        withUnsafeBytes(of: field) {
            bound.delivered.update(data: $0)
            bound.recorded.update(data: $0)
        }
        return bound
    }

    /// The beginning of a value's masks.
    var digest: MaskDigest { MaskDigest(delivered: delivered, recorded: recorded) }

    /// The two masks of a value.
    func masks(of value: UnsafeRawBufferPointer) -> Masks {
        var digest = digest
        digest.add(value)
        return digest.masks
    }
}
