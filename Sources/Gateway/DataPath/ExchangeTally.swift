import Crypto
import LocalState
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

    /// The exchange's close record.
    func closing(_ exchange: ExchangeID, status: Int?, outcome: Outcome, failure: String?, time: Timestamp) -> Closing {
        Closing(
            exchange: exchange, status: status, outcome: outcome, requestBytes: requestBytes,
            responseBytes: responseBytes,
            omittedBytes: omittedBytes, requestDigest: Self.value(of: requestDigest),
            responseDigest: Self.value(of: responseDigest), duration: elapsed, failure: failure, time: time)
    }

    private static func update(_ digest: inout SHA256?, with bytes: ByteBuffer) {
        if digest == nil { digest = SHA256() }
        bytes.withUnsafeReadableBytes { digest?.update(bufferPointer: $0) }
    }

    private static func value(of digest: SHA256?) -> [UInt8] { digest.map { Array($0.finalize()) } ?? digestOfNothing }
}
