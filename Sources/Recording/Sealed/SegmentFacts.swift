import Vocabulary

/// What a sealed segment's table says of it, so that it need not be read for it.
struct SegmentFacts: Equatable {
    /// How many frames there are of each kind, by the kind's name.
    private(set) var frames: [String: Int] = [:]
    /// The earliest and the latest time that a frame names.
    private(set) var firstTime: String?
    private(set) var lastTime: String?
    /// The sessions of which anything stands in the segment.
    private(set) var sessions: Set<String> = []
    /// The exchanges that are open at the segment's end, wherever they began, with their sessions.
    private(set) var unclosed: [ExchangeID: String]
    /// True where the journal was closed at the segment's end.
    private(set) var isStopped: Bool

    /// The facts of a segment of which nothing was read yet.
    ///
    /// - Parameter previous: those of the segment before; nil for the first.
    init(after previous: SegmentFacts?) {
        unclosed = previous?.unclosed ?? [:]
        isStopped = previous?.isStopped ?? true
    }

    mutating func take(_ frame: SegmentReader.Frame) {
        frames[frame.kind.name, default: 0] += 1
        isStopped = false
        guard frame.kind != .chunk else {
            if frame.payload.count >= 16, let session = unclosed[ExchangeID(bytes: frame.payload[0..<16])] {
                sessions.insert(session)
            }
            return
        }
        guard let json = JSONMembers(frame.payload) else { return }
        if let time = json["time"]?.string {
            firstTime = min(firstTime ?? time, time)
            lastTime = max(lastTime ?? time, time)
        }
        let exchange = json["exchange"]?.string.flatMap(ExchangeID.init)
        switch frame.kind {
        case .session: json["session"]?.string.map { _ = sessions.insert($0) }
        case .open:
            guard let exchange, let session = json["session"]?.string else { return }
            sessions.insert(session)
            unclosed[exchange] = session
        case .close:
            if let exchange, let session = unclosed.removeValue(forKey: exchange) { sessions.insert(session) }
        case .gateway: isStopped = json["event"]?.string == GatewayEvent.stopped.rawValue
        case .chunk, .decision: break
        }
    }
}

extension SegmentFacts {
    var json: JSON {
        let counts = frames.map { JSON.Member($0.key, .integer($0.value)) }
        let times = [("firstTime", firstTime), ("lastTime", lastTime)].compactMap { name, time in
            time.map { JSON.Member(name, .string($0)) }
        }
        return .object(
            [
                JSON.Member("frames", .object(counts)), JSON.Member("isStopped", .bool(isStopped)),
                JSON.Member("sessions", .strings(sessions.sorted())),
                JSON.Member(
                    "unclosed", .object(unclosed.map { JSON.Member($0.key.description, .string($0.value)) })),
            ] + times)
    }

    /// Reads facts; nil for what are none.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let stopped = json["isStopped"]?.bool,
            let sessions = json["sessions"]?.array, let unclosed = json["unclosed"]?.members,
            let frames = json["frames"]?.members
        else { return nil }
        self.sessions = Set(sessions.compactMap(\.string))
        self.unclosed = [:]
        for member in unclosed {
            guard let exchange = ExchangeID(member.name), let session = member.value.string else { return nil }
            self.unclosed[exchange] = session
        }
        for member in frames { self.frames[member.name] = member.value.integer }
        isStopped = stopped
        firstTime = json["firstTime"]?.string
        lastTime = json["lastTime"]?.string
    }
}
