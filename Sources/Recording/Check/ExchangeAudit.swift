import Crypto
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

    private struct Side {
        var recorded: UInt64 = 0
        /// Where the next chunk of the body must begin.
        var bodyEnd: UInt64 = 0
        var gap: UInt64 = 0
        var digest = SHA256()
    }

    private struct Exchange {
        var sides: [Direction: Side] = [:]
        var hasChannels = false
    }

    private(set) var exchanges = JournalCheckReport.Exchanges()
    private var open: [ExchangeID: Exchange] = [:]
    /// Frames of exchanges that began before this may be missing, or stand twice, for a cause that was told already.
    private var doubtful = Timestamp(nanoseconds: 0)

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
            guard open.updateValue(Exchange(), forKey: id) == nil else {
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
        guard payload.count >= JournalFormat.chunkOverhead, let direction = Direction(rawValue: payload[16]) else {
            return Finding(exchange: nil, what: "a chunk is too short, or of no direction")
        }
        let id = ExchangeID(bytes: payload[0..<16])
        guard var exchange = open[id] else { return missing(id, "chunk") }
        let offset: UInt64 = payload.integer(at: 18)
        let count = UInt64(payload.count - JournalFormat.chunkOverhead)
        var side = exchange.sides[direction] ?? Side()
        defer {
            exchange.sides[direction] = side
            open[id] = exchange
        }
        // Sealed originals are no part of what passed; who has the key can verify them.
        if payload[17] == RecordedChannel.sealed.code { return nil }
        guard payload[17] <= JournalFormat.rawChannel else {
            exchange.hasChannels = true
            return nil
        }
        if payload[17] == JournalFormat.bodyChannel {
            guard offset >= side.bodyEnd else {
                return isDoubtful(id) ? nil : Finding(exchange: id, what: "bytes of the \(direction.name) stand twice")
            }
            side.gap += offset - side.bodyEnd
            side.bodyEnd = offset &+ count
        }
        side.recorded += count
        payload.withUnsafeBytes {
            side.digest.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[JournalFormat.chunkOverhead...]))
        }
        return nil
    }

    private mutating func takeClose(_ json: JSON) -> Finding? {
        guard let id = Self.exchange(json) else { return Finding(exchange: nil, what: "a closing names no exchange") }
        guard let exchange = open.removeValue(forKey: id) else { return missing(id, "closing") }
        exchanges.closed += 1
        guard json["outcome"]?.string != Outcome.unknown.rawValue else {
            exchanges.unknown += 1
            return nil
        }
        // The chunks of an upgraded connection hold its channels; totals and digests are of the bytes on the wire.
        if exchange.hasChannels || json["stream"] != nil { return nil }
        guard let what = contradiction(exchange, json) else { return nil }
        return isDoubtful(id) ? nil : Finding(exchange: id, what: what)
    }

    private mutating func contradiction(_ exchange: Exchange, _ close: JSON) -> String? {
        let omitted = close["omitted"]?.integer ?? 0
        let recorded = exchange.sides.values.reduce(0) { $0 + Int($1.recorded) }
        let masked = close["masked"]
        let seen = Direction.allCases.reduce(0) { sum, direction in
            sum + ((masked?["recordedBytes"] ?? close["bytes"])?[direction.name]?.integer ?? 0)
        }
        // What is recorded of a masked body is counted apart: a mask is not as long as what it stands for.
        guard masked == nil ? recorded + omitted == seen : recorded == seen else {
            return "\(recorded) bytes are recorded and \(omitted) declared left out, but \(seen) were seen"
        }
        guard omitted == 0 else { return nil }
        if exchange.sides.values.contains(where: { $0.gap > 0 }) { return "a body has a gap that is not declared" }
        for (direction, name) in [(Direction.request, "requestReceived"), (.response, "responseReceived")] {
            // The digest of what was masked is keyed.
            guard masked?[direction.name]?.members?.isEmpty != false, let told = close["digests"]?[name]?.string else {
                continue
            }
            let digest = exchange.sides[direction]?.digest ?? SHA256()
            guard HexDigits.lower(digest.finalize()) == told else {
                return "the \(direction.name)'s bytes are not those of its digest"
            }
        }
        exchanges.bodiesVerified += 1
        return nil
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
