/// What a `close` says of a response that was recorded inflated; the exchange's own counts and digests are those of the bytes
/// as they passed.
public struct DecodedClosing: Sendable {
    /// `gzip`.
    public let encoding: String
    public let bytes: UInt64
    /// SHA-256.
    public let digest: [UInt8]
    /// False where the body ended early or was no gzip after all: what could not be read is recorded raw.
    public let isWhole: Bool

    public init(encoding: String, bytes: UInt64, digest: [UInt8], isWhole: Bool) {
        self.encoding = encoding
        self.bytes = bytes
        self.digest = digest
        self.isWhole = isWhole
    }
}
