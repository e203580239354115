import Client
import LocalState
import Masking
import Vocabulary

/// A recorded body, or what was recorded of a channel, with the originals put back where masks stand. It comes whole or
/// not at all: bytes of which some may be altered are nothing that an auditor can use.
struct UnsealedBody {
    /// Why the originals cannot be had.
    enum Fault: Error, Hashable, Sendable {
        case file(FileFault)
        case noIdentity(path: String)
        /// The file holds the public part.
        case publicKey(path: String)
        /// No auditor's key was configured when the exchange was recorded.
        case notKept(ExchangeID)
        /// The seal cannot be opened; `masked` is the command that shows what is recorded.
        case seal(SealedOriginals.Fault, ExchangeID, identity: AuditorKey, masked: String)
    }

    private let id: String
    private let identity: String
    private let record: RecordClient

    init(_ id: String, identity: String, _ record: RecordClient) {
        self.id = id
        self.identity = identity
        self.record = record
    }

    /// - Parameters:
    ///   - isRequest: whose bytes.
    ///   - channel: of an upgraded connection; nil for the body.
    /// - Returns: the bytes as they were before they were masked, and whether the record counts the seal's lines: it does
    ///   not where the exchange's end is not recorded.
    /// - Throws: a `Fault`, or why the record cannot be read.
    func bytes(isRequest: Bool, channel: String?) async throws -> (bytes: [UInt8], isCounted: Bool) {
        let identity = try readIdentity()
        guard let exchange = ExchangeID(id), let json = try await record.exchange(id) else {
            throw ClientFault.unknownRecord(id)
        }
        let direction = isRequest ? "request" : "response"
        let body = try await record.body(of: id, direction, channel: channel).first(Int.max).bytes
        let lines = try await record.body(of: id, "response", channel: "sealed").first(Int.max).bytes
        let masked = json["close"]?["masked"]
        if masked == nil, lines.isEmpty { return (body, true) }
        let count = masked?["sealedLines"]?.integer
        if count == 0, lines.isEmpty { throw Fault.notKept(exchange) }
        do throws(SealedOriginals.Fault) {
            let sealed = try SealedOriginals(lines, of: exchange, count: count, identity: identity)
            return (try sealed.restore(body, isRequest: isRequest, channel: channel ?? "body"), count != nil)
        } catch {
            let command = "byline show \(exchange) --\(direction)" + (channel.map { " --channel \($0)" } ?? "")
            throw Fault.seal(error, exchange, identity: identity.publicKey, masked: command)
        }
    }

    private func readIdentity() throws(Fault) -> AuditorIdentity {
        let bytes: [UInt8]
        do throws(FileFault) { bytes = try PrivateFile.read(identity) } catch { throw .file(error) }
        if let read = AuditorIdentity(file: bytes) { return read }
        if AuditorKey(file: bytes) != nil { throw .publicKey(path: identity) }
        throw .noIdentity(path: identity)
    }
}

extension UnsealedBody.Fault {
    /// What a person is told.
    var advice: Advice {
        switch self {
        case .file(let fault):
            Advice(
                failure: "the identity cannot be read: \(fault)", hint: "name the auditor's key file with --identity")
        case .noIdentity(let path):
            Advice(
                failure: "\(path) is no auditor's identity",
                hint: "byline-gateway keys generate auditor --out FILE makes one")
        case .publicKey(let path):
            Advice(
                failure: "\(path) is no auditor's identity but its public key",
                hint: "name the file that byline-gateway keys generate auditor has written")
        case .notKept(let exchange):
            Advice(
                failure: "exchange \(exchange): the originals were not kept",
                hint: "no auditor's key was configured under masking.sealTo; it seals the exchanges that come after it")
        case .seal(.notForThisIdentity, let exchange, let identity, _):
            Advice(
                failure: "exchange \(exchange): the originals are sealed to other auditors' keys, not to this identity",
                hint:
                    "this identity's public key is \(identity.text); masking.sealTo names those to whom the gateway seals"
            )
        case .seal(let fault, let exchange, _, let masked):
            Advice(
                failure: "exchange \(exchange): \(fault), so nothing is put back",
                hint: "\(masked) shows what is recorded, masked; byline-gateway fsck checks the journal")
        }
    }
}
