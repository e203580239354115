import Crypto
import Vocabulary

/// What the chunks of one exchange hold, channel by channel, to be held against what its closing says of them.
struct RecordedTotals {
    /// What the closing says of the chunks.
    enum Verdict {
        /// They are as its digests say.
        case verified
        /// What it says can be true; bytes that are left out, or masked, leave no digest to judge.
        case plausible
        case contradicted(String)
    }

    private struct Key: Hashable {
        let direction: Direction
        let channel: RecordedChannel
    }

    private struct Total {
        var bytes: UInt64 = 0
        /// Where the next chunk begins, when nothing is missing.
        var next: UInt64 = 0
        var digest = SHA256()
        var isEnded = false

        var hasGap: Bool { next != bytes }
        var hexDigest: String { HexDigits.lower(digest.finalize()) }
    }

    private var totals: [Key: Total] = [:]
    /// Bytes of channels that ended and whose place another has taken.
    private var replaced: [Direction: UInt64] = [:]

    /// Takes in the next chunk.
    ///
    /// - Parameters:
    ///   - head: what it says of itself.
    ///   - payload: the whole of it.
    /// - Returns: false where its bytes, or some of them, stand in the record already.
    mutating func take(_ head: ChunkHead, _ payload: [UInt8]) -> Bool {
        // Sealed originals are no part of what passed; who has the key can verify them.
        guard head.channel != .sealed else { return true }
        let key = Key(direction: head.direction, channel: head.channel)
        var total = totals.removeValue(forKey: key) ?? Total()
        if total.isEnded, head.offset == 0, total.next > 0 {
            replaced[head.direction, default: 0] += total.bytes
            total = Total()
        }
        guard head.offset >= total.next else {
            totals[key] = total
            return false
        }
        let count = UInt64(payload.count - head.length)
        total.next = head.offset &+ count
        total.bytes += count
        // A chunk without bytes is the channel's end.
        total.isEnded = count == 0
        payload.withUnsafeBytes {
            total.digest.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[head.length...]))
        }
        totals[key] = total
        return true
    }

    /// Holds the closing against the chunks.
    func judge(_ close: JSON) -> Verdict {
        if let stream = close["stream"] { return judge(close, stream) }
        if let what = contradictedCount(close) { return .contradicted(what) }
        var isPlausible = false
        if let decoded = close["decoded"] {
            let body = total(.response, .body)
            guard decoded["bytes"]?.integer == Int(body.bytes), decoded["sha256"]?.string == body.hexDigest else {
                return .contradicted("the response's inflated bytes are not those of their digest")
            }
        }
        guard omitted(close) == 0 else { return .plausible }
        for (direction, name) in [(Direction.request, "requestReceived"), (.response, "responseReceived")] {
            if direction == .response, close["decoded"] != nil { continue }
            let total = message(direction)
            if total.hasGap { return .contradicted("the \(direction.name) has a gap that is not declared") }
            // The digest of what was masked is keyed.
            guard close["masked"]?[direction.name]?.members?.isEmpty != false,
                let told = close["digests"]?[name]?.string
            else {
                isPlausible = true
                continue
            }
            guard total.hexDigest == told else {
                return .contradicted("the \(direction.name)'s bytes are not those of its digest")
            }
        }
        return isPlausible ? .plausible : .verified
    }

    // MARK: an HTTP message

    /// The counts of an exchange whose bytes are recorded as they passed.
    private func contradictedCount(_ close: JSON) -> String? {
        let masked = close["masked"]
        // What is recorded of a masked body is counted apart: a mask is not as long as what it stands for.
        let counts = masked?["recordedBytes"] ?? close["bytes"]
        let inflated = close["decoded"] != nil
        var (recorded, seen) = (0, 0)
        for direction in Direction.allCases where !(inflated && direction == .response) {
            recorded += Int(message(direction).bytes)
            seen += counts?[direction.name]?.integer ?? 0
        }
        let omitted = omitted(close)
        let fits =
            masked == nil ? recorded + omitted == seen : recorded <= seen && seen <= recorded + omitted
        return fits ? nil : "\(recorded) bytes are recorded and \(omitted) declared left out, but \(seen) were seen"
    }

    private func omitted(_ close: JSON) -> Int { close["omitted"]?.integer ?? 0 }

    private func total(_ direction: Direction, _ channel: RecordedChannel) -> Total {
        totals[Key(direction: direction, channel: channel)] ?? Total()
    }

    /// The body, or what passed raw.
    private func message(_ direction: Direction) -> Total {
        let raw = total(direction, .raw)
        return raw.bytes > 0 ? raw : total(direction, .body)
    }

    // MARK: an upgraded connection

    private func judge(_ close: JSON, _ stream: JSON) -> Verdict {
        var rest = totals.filter { $0.key.channel != .body }
        for channel in stream["channels"]?.array ?? [] {
            let (name, direction) = (channel["channel"]?.string ?? "", channel["direction"]?.string ?? "")
            let key = rest.keys.first { $0.channel.name == name && $0.direction.name == direction }
            let total = key.flatMap { rest.removeValue(forKey: $0) } ?? Total()
            if total.hasGap { return .contradicted("the \(direction)'s \(name) has a gap") }
            guard channel["bytes"]?.integer == Int(total.bytes) else {
                return .contradicted(
                    "\(total.bytes) bytes of the \(direction)'s \(name) are recorded, but "
                        + "\(channel["bytes"]?.integer ?? 0) were seen")
            }
            guard channel["sha256"]?.string == total.hexDigest else {
                return .contradicted("the bytes of the \(direction)'s \(name) are not those of its digest")
            }
        }
        let unlisted = rest.values.reduce(0) { $0 + Int($1.bytes) } + replaced.values.reduce(0) { $0 + Int($1) }
        guard unlisted == stream["unlisted"]?["bytes"]?.integer ?? 0 else {
            return .contradicted("\(unlisted) bytes are recorded of channels that the closing does not list")
        }
        return contradictedWire(close, stream).map(Verdict.contradicted) ?? .verified
    }

    /// What the closing says of a connection's bytes as they were on the wire, where the record has them.
    private func contradictedWire(_ close: JSON, _ stream: JSON) -> String? {
        guard omitted(close) == 0 else { return nil }
        for (direction, name) in [(Direction.request, "requestReceived"), (.response, "responseReceived")] {
            let recorded = recordedBytes(direction)
            if let masked = close["masked"] {
                let told = masked["recordedBytes"]?[direction.name]?.integer ?? 0
                guard recorded == told else {
                    return "\(recorded) bytes of the \(direction.name) are recorded, but \(told) were to be"
                }
                continue
            }
            let raw = total(direction, .raw)
            // Only what is raw from its beginning is on record as it was on the wire.
            guard stream["protocol"] == nil, recorded == Int(raw.bytes) else { continue }
            guard close["bytes"]?[direction.name]?.integer == recorded, close["digests"]?[name]?.string == raw.hexDigest
            else { return "the \(direction.name)'s raw bytes are not those of its digest" }
        }
        return nil
    }

    private func recordedBytes(_ direction: Direction) -> Int {
        totals.reduce(Int(replaced[direction] ?? 0)) { $1.key.direction == direction ? $0 + Int($1.value.bytes) : $0 }
    }
}
