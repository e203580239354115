import GRDB
import Recording
public import Vocabulary

/// What is recorded of a session, as it is recorded: from its beginning, or from behind an event that is known. It is
/// read only as fast as somebody asks, and holds a page of places at most.
public actor SessionWatch {
    public struct Event: Sendable {
        /// Names the event's place in the record; a later watch can go on behind it.
        public let id: String
        /// `open` or `close`.
        public let name: String
        /// The frame.
        public let json: JSON
    }

    private let index: RecordIndex
    private let session: Int64
    private var last: Int64
    private var reader: JournalReader

    private static let page = 64

    init(index: RecordIndex, session: Int64, after last: Int64) {
        self.index = index
        self.session = session
        self.last = last
        reader = JournalReader(folder: index.journal)
    }

    /// The next events; waits for them, and returns none where none came within the patience.
    public func next(patience: Duration) async throws -> [Event] {
        let edition = index.follower.edition
        let events = try await events()
        guard events.isEmpty else { return events }
        await index.follower.next(after: edition, patience: patience)
        return Task.isCancelled ? [] : try await self.events()
    }

    private func events() async throws -> [Event] {
        let (session, last) = (session, last)
        let places: [(Place, JournalFormat.Kind)] = try await index.database.read { db in
            let arguments: StatementArguments = [session, last, Self.page]
            let opened = try Int64.fetchAll(db, sql: Statements.openings, arguments: arguments)
            let closed = try Int64.fetchAll(db, sql: Statements.closings, arguments: arguments)
            let all =
                opened.map { (Place(value: $0), JournalFormat.Kind.open) }
                + closed.map { (Place(value: $0), JournalFormat.Kind.close) }
            return Array(all.sorted { $0.0 < $1.0 }.prefix(Self.page))
        }
        var events: [Event] = []
        for (place, kind) in places {
            self.last = place.value
            guard let json = try ExchangeFrames.json(at: place.position, kind, &reader) else { continue }
            events.append(Event(id: place.text, name: kind == .open ? "open" : "close", json: json))
        }
        return events
    }
}

extension RecordIndex {
    /// Watches a session; nil where there is none of that id.
    ///
    /// - Parameters:
    ///   - id: the session's.
    ///   - event: the id of the last event that is known; nil to begin at the session's beginning.
    /// - Returns: the watch; nil where no such session is recorded.
    /// - Throws: `IndexFault`; `QuestionFault` where the event's id is none.
    public func watch(_ id: SessionID, after event: String?) async throws -> SessionWatch? {
        let place = event.map(Place.init(text:))
        if case .some(nil) = place { throw QuestionFault.foreignEvent }
        let session = try await database.read { db in
            try Row.fetchOne(db, sql: Statements.sessionNamed, arguments: [id.description])?[0] as Int64?
        }
        return session.map { SessionWatch(index: self, session: $0, after: (place ?? nil)?.value ?? -1) }
    }
}

extension Place {
    /// `SEGMENT-OFFSET`.
    var text: String { "\(position.segment)-\(position.offset)" }

    /// Reads `text`; nil for anything else.
    init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let segment = UInt64(parts[0]), let offset = Int64(parts[1]),
            let place = try? Place(JournalPosition(segment: segment, offset: offset))
        else { return nil }
        self = place
    }
}
