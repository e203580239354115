public import Vocabulary

/// What a journal holds, by session and exchange. It is rebuilt from the journal when it is made and follows it from
/// then on; bodies stay on disk.
public struct JournalCatalogue {
    /// Where a chunk's bytes stand.
    struct ChunkPlace: Sendable {
        let segment: UInt64
        let head: ChunkHead
        /// Of the chunk's bytes, not of its frame.
        let offset: Int64
        let length: Int
    }

    private struct Exchange {
        let open: JSON
        var close: JSON?
        var chunks: [ChunkPlace] = []
    }

    private struct Session {
        let frame: JSON
        var exchanges: [ExchangeID] = []
    }

    private let folder: JournalFolder
    private var segment: UInt64 = 0
    private var reader: JournalReader
    private var sessions: [String: Session] = [:]
    /// In the order of their latest exchange, newest last.
    private var recency: [String: Int] = [:]
    private var clock = 0
    private var exchanges: [ExchangeID: Exchange] = [:]

    public init(folder: String) {
        self.folder = JournalFolder(path: folder)
        reader = JournalReader(folder: self.folder)
    }

    /// Reads what was written since.
    public mutating func catchUp() throws(RecordingFault) {
        while let frame = try reader.nextInSegment() {
            segment = reader.position.segment
            take(frame)
        }
    }

    private mutating func take(_ frame: SegmentReader.Frame) {
        if frame.kind == .chunk { return takeChunk(frame) }
        guard let json = try? JSON(parsing: frame.payload) else { return }
        switch frame.kind {
        case .session:
            guard let id = json["session"]?.string, sessions[id] == nil else { return }
            sessions[id] = Session(frame: json)
            touch(id)
        case .open:
            guard let id = json["exchange"]?.string.flatMap(ExchangeID.init), exchanges[id] == nil,
                let session = json["session"]?.string
            else { return }
            exchanges[id] = Exchange(open: json)
            sessions[session, default: Session(frame: json)].exchanges.append(id)
            touch(session)
        case .close:
            guard let id = json["exchange"]?.string.flatMap(ExchangeID.init) else { return }
            exchanges[id]?.close = json
        case .chunk, .decision, .gateway: break
        }
    }

    private mutating func takeChunk(_ frame: SegmentReader.Frame) {
        guard let head = ChunkHead(frame.payload) else { return }
        let place = ChunkPlace(
            segment: segment, head: head, offset: frame.offset + Int64(JournalFormat.frameOverhead + head.length),
            length: frame.payload.count - head.length)
        exchanges[head.exchange]?.chunks.append(place)
    }

    private mutating func touch(_ session: String) {
        clock += 1
        recency[session] = clock
    }

    // MARK: answers

    /// Sessions, the one with the latest exchange first.
    public func sessions(limit: Int) -> [JSON] {
        recency.sorted { $0.value > $1.value }.prefix(limit).compactMap { id, _ in sessions[id].map { json(id, $0) } }
    }

    /// A session and its exchanges in the order in which they began; nil where there is none of that id.
    public func session(_ id: SessionID) -> (session: JSON, exchanges: [JSON])? {
        guard let session = sessions[id.description] else { return nil }
        return (json(id.description, session), session.exchanges.compactMap(exchange))
    }

    /// An exchange's opening and, once it is over, its closing.
    public func exchange(_ id: ExchangeID) -> JSON? {
        guard let exchange = exchanges[id] else { return nil }
        return .object(
            (exchange.close.map { [JSON.Member("close", $0)] } ?? []) + [JSON.Member("open", exchange.open)])
    }

    /// The chunks recorded of an exchange in their order, those that are wanted by their direction and channel; empty where
    /// there are none.
    public func chunks(of id: ExchangeID, where isWanted: (Direction, RecordedChannel) -> Bool) -> RecordedChunks {
        let places = (exchanges[id]?.chunks ?? []).filter { isWanted($0.head.direction, $0.head.channel) }
        return RecordedChunks(folder: folder, places: places)
    }

    private func json(_ id: String, _ session: Session) -> JSON {
        let all = session.exchanges.compactMap { exchanges[$0] }
        func count(_ condition: (Exchange) -> Bool) -> JSON { .integer(all.count(where: condition)) }
        let clusters = Set(all.compactMap { $0.open["cluster"]?.string }).sorted()
        let first = all.first?.open["time"] ?? session.frame["time"] ?? .null
        let last = all.compactMap { $0.close?["time"]?.string ?? $0.open["time"]?.string }.max().map { JSON.string($0) }
        return [
            "byline": session.frame["byline"] ?? [:],
            "clusters": .strings(clusters),
            "denied": count { $0.open["decision"]?["effect"]?.string == Decision.Effect.deny.rawValue },
            "exchanges": .integer(all.count),
            "failed": count {
                $0.close?["outcome"]?.string == Outcome.failed.rawValue
                    && $0.open["decision"]?["effect"]?.string != Decision.Effect.deny.rawValue
            },
            "firstTime": first,
            "identity": session.frame["identity"] ?? [:],
            "lastTime": last ?? first,
            "session": .string(id),
            "unknown": count { $0.close?["outcome"]?.string == Outcome.unknown.rawValue },
        ]
    }
}
