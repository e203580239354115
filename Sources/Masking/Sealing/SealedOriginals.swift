import Crypto
import FoundationEssentials
public import Vocabulary

/// The originals of one exchange, taken out of their seal.
public struct SealedOriginals: Sendable {
    /// Why a seal cannot be opened.
    public enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// It was sealed to others.
        case notForThisIdentity
        /// Its bytes are not those that were written, or a part is not there.
        case altered(line: Int)
        /// It has fewer lines, or more, than the close record counts.
        case cut(lines: Int, expected: Int)
        /// The record that its originals belong into has no masks where they say.
        case doesNotFit

        public var description: String {
            switch self {
            case .notForThisIdentity: "the seal has no key for this identity"
            case .altered(let line): "line \(line) of the seal is not what the gateway wrote for this exchange"
            case .cut(let lines, let expected): "the seal has \(lines) lines where the record counts \(expected)"
            case .doesNotFit: "the seal does not fit what is recorded"
            }
        }
    }

    public let originals: [OriginalsSealer.Original]

    /// Opens a seal.
    ///
    /// - Parameters:
    ///   - lines: as they are recorded.
    ///   - exchange: whose they are.
    ///   - count: how many lines the close record counts; nil where there is none, because the exchange goes on or the
    ///     gateway was stopped before its end.
    ///   - identity: an auditor's.
    /// - Throws: why not.
    public init(
        _ lines: [UInt8], of exchange: ExchangeID, count: Int?, identity: AuditorIdentity
    ) throws(Fault) {
        let lines = lines.split(separator: UInt8(ascii: "\n"))
        if let count, lines.count != count { throw .cut(lines: lines.count, expected: count) }
        var originals: [OriginalsSealer.Original] = []
        var key: SymmetricKey?
        for (number, line) in lines.enumerated() {
            guard let json = try? JSON(parsing: line) else { throw .altered(line: number + 1) }
            guard let opened = key else {
                key = try Self.unwrap(json, exchange, identity)
                continue
            }
            guard let text = json["originals"]?.string, let combined = Base64.decode(text),
                let box = try? ChaChaPoly.SealedBox(combined: combined),
                let plain = try? ChaChaPoly.open(
                    box, using: opened, authenticating: SealedOriginal.context(exchange, number)),
                let list = (try? JSON(parsing: plain))?.array
            else { throw .altered(line: number + 1) }
            for item in list {
                guard let original = SealedOriginal.read(item) else { throw .altered(line: number + 1) }
                originals.append(original)
            }
        }
        self.originals = originals
    }

    private static func unwrap(
        _ line: JSON, _ exchange: ExchangeID, _ identity: AuditorIdentity
    ) throws(Fault) -> SymmetricKey {
        let id = identity.publicKey.id
        guard let keys = line["keys"]?.array else { throw .altered(line: 1) }
        guard let mine = keys.first(where: { $0["id"]?.string == id }) else { throw .notForThisIdentity }
        guard let encapsulated = mine["encapsulated"]?.string.flatMap({ Base64.decode($0) }),
            let wrapped = mine["wrapped"]?.string.flatMap({ Base64.decode($0) }),
            var recipient = try? HPKE.Recipient(
                privateKey: identity.key, ciphersuite: SealSuite.hpke, info: SealSuite.info,
                encapsulatedKey: Data(encapsulated)),
            let key = try? recipient.open(Data(wrapped), authenticating: SealedOriginal.context(exchange, 0))
        else { throw .altered(line: 1) }
        return SymmetricKey(data: key)
    }

    /// Puts the originals back in place.
    ///
    /// - Parameters:
    ///   - recorded: all that is recorded of a direction and channel.
    ///   - isRequest: the direction.
    ///   - channel: the channel's name in the record.
    /// - Returns: the bytes as they were received, but for values that were too long to be kept: of those the mask stays.
    /// - Throws: `doesNotFit`.
    public func restore(_ recorded: [UInt8], isRequest: Bool, channel: String) throws(Fault) -> [UInt8] {
        var restored: [UInt8] = []
        restored.reserveCapacity(recorded.count)
        var copied = 0
        for original in originals where original.isRequest == isRequest && original.channel == channel {
            let masking = original.masking
            guard let bytes = masking.original else { continue }
            guard let start = Int(exactly: masking.offset), let length = Int(exactly: masking.length), start >= copied,
                length <= recorded.count, start <= recorded.count - length,
                Mask.stands(in: recorded[start..<start + length])
            else { throw .doesNotFit }
            restored += recorded[copied..<start]
            restored += bytes
            copied = start + length
        }
        return restored + recorded[copied...]
    }
}
