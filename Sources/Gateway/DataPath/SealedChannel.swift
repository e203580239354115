import Masking
import NIOCore
import Recording
import Vocabulary

/// Records one exchange's originals, sealed to those who have the key, where the configuration names any.
struct SealedChannel {
    private let exchange: ExchangeID
    private var sealer: OriginalsSealer?
    private var bytes: UInt64 = 0

    init(_ exchange: ExchangeID, _ plan: MaskingPlan?) {
        self.exchange = exchange
        sealer = plan?.sealer(of: exchange)
    }

    /// Seals what was masked in a channel.
    mutating func seal(
        _ masked: [MaskedSecret], _ direction: Direction, _ channel: RecordedChannel, _ tally: inout ExchangeTally,
        _ feed: RecorderFeed
    ) {
        guard !masked.isEmpty else { return }
        let originals = masked.map {
            OriginalsSealer.Original(isRequest: direction == .request, channel: channel.name, masking: $0)
        }
        guard let sealed = sealer?.seal(originals) else { return }
        tally.seal(lines: sealer?.count ?? 0)
        feed.chunk(exchange, .response, .sealed, offset: bytes, sealed, elapsed: tally.elapsed)
        bytes += UInt64(sealed.bytes.readableBytes)
    }
}
