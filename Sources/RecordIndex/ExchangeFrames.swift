import Recording
import Vocabulary

/// Reads the frames of exchanges from the journal, as the API tells them.
struct ExchangeFrames {
    let journal: String

    /// Each exchange as `{"close": …, "open": …}`; those whose opening is no longer in the journal are left out.
    func json(_ found: [ExchangeSearch.Found]) throws(RecordingFault) -> [JSON] {
        var reader = JournalReader(folder: journal)
        var exchanges: [JSON] = []
        for exchange in found {
            guard let open = try Self.json(at: exchange.opened, .open, &reader) else { continue }
            let close = try exchange.closed.flatMap { (position) throws(RecordingFault) in
                try Self.json(at: position, .close, &reader)
            }
            exchanges.append(.object((close.map { [.init("close", $0)] } ?? []) + [.init("open", open)]))
        }
        return exchanges
    }

    /// The frame at a position; nil where another stands there.
    static func json(
        at position: JournalPosition, _ kind: JournalFormat.Kind, _ reader: inout JournalReader
    ) throws(RecordingFault) -> JSON? {
        reader.seek(to: position)
        guard let frame = try reader.next(), frame.position == position, frame.kind == kind else { return nil }
        return try? JSON(parsing: frame.payload)
    }
}
