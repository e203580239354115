public import KubernetesWire

/// What a `close` says of an upgraded connection, beside the digests of its bytes as they were on the wire.
public struct StreamClosing: Sendable {
    /// One side's part of a channel.
    public struct Channel: Sendable {
        /// How the side ended the channel; nil where it did not before the connection ended.
        public enum End: String, Sendable {
            case closed, reset
        }

        public let direction: Direction
        public let channel: RecordedChannel
        public let bytes: UInt64
        /// SHA-256.
        public let digest: [UInt8]
        public let end: End?

        public init(direction: Direction, channel: RecordedChannel, bytes: UInt64, digest: [UInt8], end: End?) {
            self.direction = direction
            self.channel = channel
            self.bytes = bytes
            self.digest = digest
            self.end = end
        }
    }

    /// In the order in which they began.
    public var channels: [Channel] = []
    /// Channels that are not listed, because there were too many, and their bytes. Their chunks are in the record.
    public var unlisted: (channels: UInt64, bytes: UInt64) = (0, 0)
    /// What was agreed to be spoken; nil where it is nothing that can be read.
    public var protocolName: String?
    /// How the command of an exec or attach ended; nil where the cluster did not say.
    public var exit: CommandExit?
    /// From where on a side could not be read, and why: one word.
    public var undecoded: [Direction: String] = [:]
    /// What of the cluster's bytes went to the caller as it came although masking rules apply, one word each: an `archive` that
    /// a command wrote, forwarded `ports`, an `unknownProtocol`. The record of it is masked.
    public var unmasked: [String] = []
    /// The sides whose last frame did not come whole.
    public var cut: [Direction] = []

    public init() {}
}
