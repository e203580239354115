import Crypto
import KubernetesWire
import Masking
import NIOCore
import NIOHTTP1
import Recording
import Vocabulary

/// A compressed response as the record keeps it: inflated once, so that it can be read, searched and stored like any other.
/// The bytes that pass are not touched, and their digests are the exchange's. What is no gzip after all is recorded raw.
final class DecodedBody {
    private static let encoding = "gzip"

    private let exchange: ExchangeID
    /// What has masking rules is asked for uncompressed, and never comes here.
    private var masker = BodyMasker.open
    private let feed: RecorderFeed
    private var reader: GzipReader
    private var bytes: UInt64 = 0
    private var digest = SHA256()
    private var rawBytes: UInt64 = 0

    /// Returns nil for a body that is recorded as it comes: one that is not compressed, or comes from what the API server only
    /// passes on, where anybody may say anything of any bytes.
    init?(
        _ head: HTTPResponseHead, of request: RequestInfo?, _ exchange: ExchangeID, feed: RecorderFeed
    ) {
        guard head.headers[canonicalForm: "content-encoding"] == [Substring(Self.encoding)],
            request?.isConnect == false, let reader = GzipReader()
        else { return nil }
        self.reader = reader
        self.exchange = exchange
        self.feed = feed
    }

    /// Records what the body's next bytes hold.
    func record(_ input: ByteBuffer, elapsed: UInt64) {
        reader.read(Array(input.readableBytesView)) { record($0, elapsed) }
    }

    /// Ends the body.
    ///
    /// - Returns: what the close says of it.
    func end(elapsed: UInt64) -> DecodedClosing {
        reader.end { record($0, elapsed) }
        return DecodedClosing(
            encoding: Self.encoding, bytes: bytes, digest: Array(digest.finalize()),
            isWhole: rawBytes == 0 && reader.isWhole)
    }

    private func record(_ piece: GzipReader.Piece, _ elapsed: UInt64) {
        switch piece {
        case .clear(let clear):
            clear.withUnsafeBytes { digest.update(bufferPointer: $0) }
            record(clear, .body, at: bytes, elapsed)
            bytes += UInt64(clear.count)
        case .damaged(let raw):
            record(raw, .raw, at: rawBytes, elapsed)
            rawBytes += UInt64(raw.count)
        }
    }

    private func record(_ bytes: [UInt8], _ channel: RecordedChannel, at offset: UInt64, _ elapsed: UInt64) {
        guard let piece = try? masker.consume(ByteBuffer(bytes: bytes)) else { return }
        feed.chunk(exchange, .response, channel, offset: offset, piece.recorded, elapsed: elapsed)
    }
}
