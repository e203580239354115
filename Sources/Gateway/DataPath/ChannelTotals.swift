import Crypto
import Recording

/// Counts and digests what passes through the channels of an upgraded connection. Bounded: of many channels, those that
/// ended are only added up.
struct ChannelTotals {
    private struct Key: Hashable {
        let direction: Direction
        let channel: RecordedChannel
    }

    private struct Total {
        var bytes: UInt64 = 0
        var digest = SHA256()
        var end: StreamClosing.Channel.End?
    }

    /// From how many channels on those that ended are added up.
    static let usualCount = 1_024
    static let maximumCount = 16 << 10

    private var totals: [Key: Total] = [:]
    private var order: [Key] = []
    private var foldingCount = Self.usualCount
    private(set) var unlisted: (channels: UInt64, bytes: UInt64) = (0, 0)

    /// Notes that there is such a channel.
    ///
    /// - Returns: false where there are too many to tell apart.
    mutating func begin(_ direction: Direction, _ channel: RecordedChannel) -> Bool {
        let key = Key(direction: direction, channel: channel)
        guard totals[key] == nil else { return true }
        if order.count >= foldingCount { fold() }
        guard order.count < Self.maximumCount else { return false }
        totals[key] = Total()
        order.append(key)
        return true
    }

    /// Takes in bytes of a channel that has begun.
    ///
    /// - Returns: their offset within it.
    mutating func add(_ bytes: UnsafeRawBufferPointer, _ direction: Direction, _ channel: RecordedChannel) -> UInt64 {
        let key = Key(direction: direction, channel: channel)
        defer {
            totals[key]?.bytes += UInt64(bytes.count)
            totals[key]?.digest.update(bufferPointer: bytes)
        }
        return totals[key]?.bytes ?? 0
    }

    /// Notes that a side ended a channel that has begun.
    ///
    /// - Returns: how many bytes it had sent; nil where it had ended the channel before.
    mutating func end(
        _ direction: Direction, _ channel: RecordedChannel, _ end: StreamClosing.Channel.End
    ) -> UInt64? {
        let key = Key(direction: direction, channel: channel)
        guard let total = totals[key], total.end == nil else { return nil }
        totals[key]?.end = end
        return total.bytes
    }

    /// The channels in the order in which they began.
    var channels: [StreamClosing.Channel] {
        order.compactMap { key in
            totals[key].map { total in
                StreamClosing.Channel(
                    direction: key.direction, channel: key.channel, bytes: total.bytes,
                    digest: Array(total.digest.finalize()), end: total.end)
            }
        }
    }

    private mutating func fold() {
        for (key, total) in totals where total.end != nil {
            unlisted.channels += 1
            unlisted.bytes += total.bytes
            totals[key] = nil
        }
        order.removeAll { totals[$0] == nil }
        foldingCount = max(Self.usualCount, order.count * 2)
    }
}
