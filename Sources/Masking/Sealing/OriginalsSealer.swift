import Crypto
import FoundationEssentials
import NIOCore
public import Vocabulary

/// Seals what was masked in one exchange to the auditors' keys. The gateway can write seals and cannot open them: it
/// forgets the exchange's key when the exchange is over.
///
/// A seal is lines of JSON. The first wraps a key made for this exchange, once for each auditor; each that follows holds
/// originals, encrypted under that key, and its number. Exchange and number are authenticated with them, so that no line
/// can be moved, and the close record counts the lines, so that none can be cut off.
public struct OriginalsSealer {
    /// An original and where its mask stands.
    public struct Original: Hashable, Sendable {
        public let isRequest: Bool
        /// The channel's name in the record.
        public let channel: String
        public let masking: MaskedSecret

        public init(isRequest: Bool, channel: String, masking: MaskedSecret) {
            self.isRequest = isRequest
            self.channel = channel
            self.masking = masking
        }
    }

    private let exchange: ExchangeID
    private let auditors: [AuditorKey]
    private let key = SymmetricKey(size: .bits256)
    /// How many lines were written.
    public private(set) var count = 0

    /// - Returns: nil where there is nobody to seal to.
    public init?(_ exchange: ExchangeID, auditors: [AuditorKey]) {
        guard !auditors.isEmpty else { return nil }
        self.exchange = exchange
        self.auditors = auditors
    }

    /// The lines that hold these originals; nil where sealing fails, which no input makes it do.
    public mutating func seal(_ originals: [Original]) -> Masked? {
        do {
            var lines: [UInt8] = []
            if count == 0 { lines += try line(["keys": .array(auditors.map { try wrap(for: $0) })]) }
            let plain = JSON.array(originals.map(SealedOriginal.json)).canonicalBytes
            let box = try ChaChaPoly.seal(plain, using: key, authenticating: SealedOriginal.context(exchange, count))
            lines += line(["originals": .string(Base64.encode(box.combined))])
            return Masked(ByteBuffer(bytes: lines))
        } catch { return nil }
    }

    private func wrap(for auditor: AuditorKey) throws -> JSON {
        var sender = try HPKE.Sender(
            recipientKey: Curve25519.KeyAgreement.PublicKey(rawRepresentation: auditor.bytes),
            ciphersuite: SealSuite.hpke, info: SealSuite.info)
        let wrapped = try sender.seal(
            key.withUnsafeBytes { Array($0) }, authenticating: SealedOriginal.context(exchange, 0))
        return [
            "encapsulated": .string(Base64.encode(sender.encapsulatedKey)), "id": .string(auditor.id),
            "wrapped": .string(Base64.encode(wrapped)),
        ]
    }

    private mutating func line(_ json: JSON) -> [UInt8] {
        count += 1
        return json.canonicalBytes + [UInt8(ascii: "\n")]
    }
}

/// How an original is written inside a seal.
enum SealedOriginal {
    static func context(_ exchange: ExchangeID, _ number: Int) -> [UInt8] { Array("\(exchange) \(number)".utf8) }

    static func json(_ original: OriginalsSealer.Original) -> JSON {
        var members = [
            JSON.Member("channel", .string(original.channel)),
            JSON.Member("direction", .string(original.isRequest ? "request" : "response")),
            JSON.Member("length", .integer(original.masking.length)),
            JSON.Member("offset", .integer(original.masking.offset)),
            JSON.Member("rule", .string(original.masking.rule)),
        ]
        if let bytes = original.masking.original {
            members.append(JSON.Member("original", .string(Base64.encode(bytes))))
        }
        return .object(members)
    }

    static func read(_ json: JSON) -> OriginalsSealer.Original? {
        guard let channel = json["channel"]?.string, let direction = json["direction"]?.string,
            let length = json["length"]?.integer.flatMap({ UInt64(exactly: $0) }),
            let offset = json["offset"]?.integer.flatMap({ UInt64(exactly: $0) }), let rule = json["rule"]?.string
        else { return nil }
        let original = json["original"]?.string.flatMap { Base64.decode($0) }
        return OriginalsSealer.Original(
            isRequest: direction == "request", channel: channel,
            masking: MaskedSecret(rule: rule, offset: offset, length: length, original: original))
    }
}
