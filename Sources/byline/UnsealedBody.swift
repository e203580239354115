import Client
import LocalState
import Masking
import Vocabulary

/// A recorded body, or what was recorded of a channel, with the originals put back where masks stand.
struct UnsealedBody {
    /// Why the originals cannot be had.
    enum Fault: Error, Hashable, Sendable {
        case file(FileFault)
        case noIdentity(path: String)
        /// No auditor's key was configured when the exchange was recorded.
        case notKept
        case seal(SealedOriginals.Fault)
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
    /// - Returns: the bytes as they were before they were masked.
    /// - Throws: a `Fault`, or why the record cannot be read.
    func bytes(isRequest: Bool, channel: String?) async throws -> [UInt8] {
        let identity = try readIdentity()
        guard let exchange = ExchangeID(id), let json = try await record.exchange(id) else {
            throw ClientFault.unknownRecord(id)
        }
        let direction = isRequest ? "request" : "response"
        let body = try await record.body(of: id, direction, channel: channel).first(Int.max).bytes
        guard let masked = json["close"]?["masked"] else { return body }
        guard let count = masked["sealedLines"]?.integer, count > 0 else { throw Fault.notKept }
        let lines = try await record.body(of: id, "response", channel: "sealed").first(Int.max).bytes
        do throws(SealedOriginals.Fault) {
            let sealed = try SealedOriginals(lines, of: exchange, count: count, identity: identity)
            return try sealed.restore(body, isRequest: isRequest, channel: channel ?? "body")
        } catch { throw Fault.seal(error) }
    }

    private func readIdentity() throws(Fault) -> AuditorIdentity {
        let bytes: [UInt8]
        do throws(FileFault) { bytes = try PrivateFile.read(identity) } catch { throw .file(error) }
        guard let read = AuditorIdentity(file: bytes) else { throw .noIdentity(path: identity) }
        return read
    }
}

extension UnsealedBody.Fault: CustomStringConvertible {
    var description: String {
        switch self {
        case .file(let fault): "the identity cannot be read: \(fault)"
        case .noIdentity(let path):
            "\(path) is no auditor's identity: make one with byline-gateway keys generate auditor"
        case .notKept: "the originals were not kept: no auditor's key was configured under masking.sealTo"
        case .seal(.notForThisIdentity): "the originals are sealed to other auditors' keys, not to this identity"
        case .seal(.altered(let line)): "the seal was altered at line \(line), so nothing of it is shown"
        case .seal(.cut(let lines, let expected)): "the seal has \(lines) lines where the record counts \(expected)"
        case .seal(.doesNotFit): "the seal does not fit what is recorded"
        }
    }
}
