import Crypto
import LocalState
import Masking
import NIOCore
import Recording
import Vocabulary

/// Counts and digests one exchange's bytes while they pass.
struct ExchangeTally {
    private(set) var requestBytes: UInt64 = 0
    private(set) var responseBytes: UInt64 = 0
    private(set) var omittedBytes: UInt64 = 0
    private var requestDigest: SHA256?
    private var responseDigest: SHA256?
    /// Of the response as delivered, once it parts from what was received: with the first secret that is masked.
    private var deliveredDigest: SHA256?
    private var masked = MaskedTotals()
    /// The forwarded part of the request; nil while all of it is forwarded.
    private var forwarded: (bytes: UInt64, digest: SHA256?)?
    /// Bytes that came and of which the masking rules have not said yet what becomes of them.
    private var undecided: UInt64 = 0
    private static let digestOfNothing = Array(SHA256().finalize())
    private let began = MonotonicClock.nanoseconds()

    var elapsed: UInt64 { MonotonicClock.nanoseconds() - began }

    /// Takes in bytes of one direction.
    ///
    /// - Returns: their offset within the direction.
    mutating func add(_ bytes: ByteBuffer, _ direction: Direction, recorded: Bool) -> UInt64 {
        let count = UInt64(bytes.readableBytes)
        if !recorded { omittedBytes += count }
        switch direction {
        case .request:
            Self.update(&requestDigest, with: bytes)
            defer { requestBytes += count }
            return requestBytes
        case .response:
            Self.update(&responseDigest, with: bytes)
            defer { responseBytes += count }
            return responseBytes
        }
    }

    /// Counts bytes of one direction as they come, before the masking rules.
    mutating func receive(_ bytes: ByteBuffer, _ direction: Direction) {
        let count = UInt64(bytes.readableBytes)
        if direction == .request { requestBytes += count } else { responseBytes += count }
        undecided += count
    }

    /// Takes in bytes of a request's body that the record lacks.
    mutating func leaveOut(_ bytes: ByteBuffer) {
        omittedBytes += UInt64(bytes.readableBytes)
        undecided -= UInt64(bytes.readableBytes)
        Self.update(&requestDigest, with: bytes)
    }

    /// How far the request has come: its bytes, and their digest.
    var requestState: (bytes: UInt64, digest: SHA256?) { (requestBytes, requestDigest) }

    /// Notes that nothing behind a state of the request was forwarded. The first such note counts.
    mutating func endForwarding(at state: (bytes: UInt64, digest: SHA256?)) {
        if forwarded == nil { forwarded = state }
    }

    /// Counts bytes that the record lacks because an operator limits it.
    mutating func omit(_ count: Int) { omittedBytes += UInt64(count) }

    /// Counts what was masked of a channel's bytes, which are digested as they pass.
    mutating func count(_ piece: MaskedPiece, _ direction: Direction) { _ = masked.add(piece, direction) }

    /// Takes in what the caller gets of an upgraded connection whose output is masked.
    mutating func deliver(_ bytes: ByteBuffer) { Self.update(&deliveredDigest, with: bytes) }

    /// Notes how many lines the seal of the originals has.
    mutating func seal(lines: Int) { masked.sealedLines = lines }

    /// Takes in what the masking rules made of bytes that were received.
    ///
    /// - Returns: its offset in what is recorded of the direction.
    mutating func record(_ piece: MaskedPiece, _ direction: Direction) -> UInt64 {
        undecided -= min(undecided, UInt64(piece.received.readableBytes))
        switch direction {
        case .request: Self.update(&requestDigest, with: piece.received)
        case .response:
            if deliveredDigest == nil, !piece.isUnchanged { deliveredDigest = responseDigest ?? SHA256() }
            if deliveredDigest != nil { Self.update(&deliveredDigest, with: piece.delivered.bytes) }
            Self.update(&responseDigest, with: piece.received)
        }
        return masked.add(piece, direction)
    }

    /// The exchange's close record. `conceal` makes a digest of what was masked one that nobody can try values against.
    func closing(
        _ exchange: ExchangeID, status: Int?, outcome: Outcome, failure: String?, time: Timestamp,
        conceal: ([UInt8]) -> [UInt8] = { $0 }
    ) -> Closing {
        let request = Self.value(of: requestDigest)
        let response = Self.value(of: responseDigest)
        var closing = Closing(
            exchange: exchange, status: status, outcome: outcome, requestBytes: requestBytes,
            responseBytes: responseBytes,
            omittedBytes: omittedBytes + undecided, requestDigest: masked.request.isEmpty ? request : conceal(request),
            responseDigest: masked.response.isEmpty ? response : conceal(response), duration: elapsed,
            failure: failure, time: time)
        closing.masked = masked
        if let forwarded, forwarded.bytes < requestBytes {
            let digest = Self.value(of: forwarded.digest)
            closing.forwarded = ForwardedRequest(
                bytes: forwarded.bytes, digest: masked.request.isEmpty ? digest : conceal(digest))
        }
        closing.deliveredDigest = deliveredDigest.map { Array($0.finalize()) }
        return closing
    }

    private static func update(_ digest: inout SHA256?, with bytes: ByteBuffer) {
        if digest == nil { digest = SHA256() }
        bytes.withUnsafeReadableBytes { digest?.update(bufferPointer: $0) }
    }

    private static func value(of digest: SHA256?) -> [UInt8] { digest.map { Array($0.finalize()) } ?? digestOfNothing }
}
