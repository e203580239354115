import Masking
import Vocabulary

/// Holds the frames of a journal, told in their order, against each other: every chunk and every close has its open, bytes
/// follow each other without a gap that nobody declared, totals and digests are those of the bytes. It reads nothing
/// itself, and holds what is open only.
struct ExchangeAudit {
    /// What is wrong with a frame.
    struct Finding: Equatable {
        let exchange: ExchangeID?
        let what: String
    }

    private(set) var exchanges = JournalCheckReport.Exchanges()
    private(set) var seals: SealAudit
    private var open: [ExchangeID: RecordedTotals] = [:]
    /// Frames of exchanges that began before this may be missing, or stand twice, for a cause that was told already.
    private var doubtful = Timestamp(nanoseconds: 0)

    init(identity: AuditorIdentity?) { seals = SealAudit(identity: identity) }

    /// Frames of exchanges that began before a time may be missing, or stand twice.
    mutating func doubt(before time: Timestamp) { doubtful = max(doubtful, time) }

    /// Another segment was begun at a time: what was lost before does not concern the exchanges from then on.
    mutating func begin(segmentOf time: Timestamp) {
        if doubtful == .distantFuture { doubtful = time }
    }

    mutating func take(_ frame: SegmentReader.Frame) -> Finding? {
        if frame.kind == .chunk { return takeChunk(frame.payload) }
        guard let json = try? JSON(parsing: frame.payload) else {
            return Finding(exchange: nil, what: "a \(frame.kind.name) frame is not JSON")
        }
        switch frame.kind {
        case .open:
            guard let id = Self.exchange(json) else {
                return Finding(exchange: nil, what: "an opening names no exchange")
            }
            guard open.updateValue(RecordedTotals(), forKey: id) == nil else {
                return isDoubtful(id) ? nil : Finding(exchange: id, what: "the exchange is opened a second time")
            }
            return nil
        case .close: return takeClose(json)
        case .session, .decision, .gateway, .chunk: return nil
        }
    }

    private static func exchange(_ json: JSON) -> ExchangeID? { json["exchange"]?.string.flatMap(ExchangeID.init) }

    private func isDoubtful(_ id: ExchangeID) -> Bool { !id.mayHaveBegun(after: doubtful) }

    /// What it means that an exchange is not open; nil where nothing is wrong with that.
    private func missing(_ id: ExchangeID, _ frame: String) -> Finding? {
        guard !isDoubtful(id) else { return nil }
        return Finding(exchange: id, what: "a \(frame) stands here of an exchange that is not open")
    }

    private mutating func takeChunk(_ payload: [UInt8]) -> Finding? {
        guard let head = ChunkHead(payload) else {
            return Finding(exchange: nil, what: "a chunk is too short, or of no direction or channel")
        }
        guard var totals = open.removeValue(forKey: head.exchange) else { return missing(head.exchange, "chunk") }
        let isNew = totals.take(head, payload)
        open[head.exchange] = totals
        if isNew, head.channel == .sealed { seals.take(payload[head.length...], of: head.exchange) }
        guard !isNew, !isDoubtful(head.exchange) else { return nil }
        return Finding(
            exchange: head.exchange, what: "bytes of the \(head.direction.name)'s \(head.channel.name) stand twice")
    }

    private mutating func takeClose(_ json: JSON) -> Finding? {
        guard let id = Self.exchange(json) else { return Finding(exchange: nil, what: "a closing names no exchange") }
        guard let totals = open.removeValue(forKey: id) else { return missing(id, "closing") }
        exchanges.closed += 1
        guard json["outcome"]?.string != Outcome.unknown.rawValue else {
            exchanges.unknown += 1
            seals.forget(id)
            return nil
        }
        let brokenSeal = seals.close(id, json)
        switch totals.judge(json) {
        case .contradicted(let what): return isDoubtful(id) ? nil : Finding(exchange: id, what: what)
        case .plausible: break
        case .verified:
            if json["stream"] == nil { exchanges.bodiesVerified += 1 } else { exchanges.streamsVerified += 1 }
        }
        return isDoubtful(id) ? nil : brokenSeal.map { Finding(exchange: id, what: $0) }
    }

    /// Tells what was found in all.
    mutating func finish() -> JournalCheckReport.Exchanges {
        exchanges.open = open.count
        return exchanges
    }
}

extension Timestamp {
    static let distantFuture = Timestamp(nanoseconds: .max)
}

extension ExchangeID {
    /// False for an exchange that began before a time, as its id says.
    fileprivate func mayHaveBegun(after time: Timestamp) -> Bool {
        let milliseconds = bytes[0..<6].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return milliseconds >= UInt64(max(0, time.nanoseconds)) / 1_000_000
    }
}
