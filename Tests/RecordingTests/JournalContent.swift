import Vocabulary

@testable import Recording

/// What a journal holds of its exchanges, read into memory.
struct JournalContent {
    private var opens: [ExchangeID: JSON] = [:]
    private var closes: [ExchangeID: JSON] = [:]
    private var chunks: [ExchangeID: [RecordedChunk]] = [:]

    init(_ folder: String) throws {
        var reader = JournalReader(folder: folder)
        while let frame = try reader.next() {
            if let chunk = RecordedChunk(frame), let head = ChunkHead(frame.payload) {
                chunks[head.exchange, default: []].append(chunk)
                continue
            }
            let json = try JSON(parsing: frame.payload)
            guard let id = json["exchange"]?.string.flatMap(ExchangeID.init) else { continue }
            if frame.kind == .open { opens[id] = json }
            if frame.kind == .close { closes[id] = json }
        }
    }

    /// An exchange's opening and, once it is over, its closing.
    func exchange(_ id: ExchangeID) -> JSON? {
        guard let open = opens[id] else { return nil }
        return .object((closes[id].map { [JSON.Member("close", $0)] } ?? []) + [JSON.Member("open", open)])
    }

    /// The chunks of an exchange in their order.
    func chunks(of id: ExchangeID) -> [RecordedChunk] { chunks[id] ?? [] }

    /// The whole of one direction's body.
    func bytes(of id: ExchangeID, _ direction: Direction = .response) -> [UInt8] {
        chunks(of: id).filter { $0.direction == direction && $0.channel == .body }.flatMap(\.bytes)
    }

    func text(of id: ExchangeID) -> String { String(decoding: bytes(of: id), as: UTF8.self) }
}
