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
    private var requestDigest = SHA256()
    private var responseDigest = SHA256()
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
            bytes.withUnsafeReadableBytes { requestDigest.update(bufferPointer: $0) }
            defer { requestBytes += count }
            return requestBytes
        case .response:
            bytes.withUnsafeReadableBytes { responseDigest.update(bufferPointer: $0) }
            defer { responseBytes += count }
            return responseBytes
        }
    }

    /// The exchange's close record.
    func closing(_ exchange: ExchangeID, status: Int?, outcome: Outcome, failure: String?, time: Timestamp) -> Closing {
        Closing(
            exchange: exchange, status: status, outcome: outcome, requestBytes: requestBytes,
            responseBytes: responseBytes,
            omittedBytes: omittedBytes, requestDigest: Array(requestDigest.finalize()),
            responseDigest: Array(responseDigest.finalize()), duration: elapsed, failure: failure, time: time)
    }
}
