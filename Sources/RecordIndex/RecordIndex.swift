import Foundation
import GRDB
public import Recording
public import Vocabulary

/// The record, searchable: an SQLite index behind the journal, and what it finds, read from the journal. The journal is
/// the evidence; the index only knows where things stand in it, and can be made anew at any time.
public final class RecordIndex: Sendable {
    let database: IndexDatabase
    let journal: String
    let follower: Follower

    /// Opens the index in a folder of its own, makes it where there is none, and begins to read what the journal in the
    /// other folder holds beyond it.
    public init(folder: String, journal: String) throws(IndexFault) {
        database = try IndexDatabase.open(folder: folder, journal: journal)
        self.journal = journal
        follower = Follower(journal: journal, database: database)
        follower.ring()
    }

    /// Follows what the recorder writes from now on.
    public func follow(_ recorder: Recorder) {
        let follower = follower
        recorder.follow { follower.ring() }
    }

    /// Why the index does not go on; nil while it does.
    public var failure: IndexFault? { follower.failure }

    /// Returns when everything is in the index that was in the journal at the call, or after the patience.
    public func catchUp(patience: Duration = .seconds(2)) async { await follower.catchUp(patience: patience) }

    /// Writes no more when this returns.
    public func stop() async { await follower.stop() }

    /// Makes the index anew from the journal. No gateway may use it meanwhile.
    ///
    /// - Parameters:
    ///   - folder: the index's own.
    ///   - journal: the journal's folder.
    /// - Returns: how many exchanges it knows.
    /// - Throws: `IndexFault`.
    public static func rebuild(folder: String, journal: String) throws(IndexFault) -> Int {
        try IndexDatabase.remove(folder: folder)
        let database = try IndexDatabase.open(folder: folder, journal: journal)
        try Follower(journal: journal, database: database).readAll()
        do { return try database.pool.read { try Int.fetchOne($0, sql: Statements.countExchanges) ?? 0 } } catch {
            throw .database(operation: "read", path: database.path, cause: "\(error)")
        }
    }

    // MARK: questions

    /// The latest exchanges that fulfil the filter, each as its `open` and, once it is over, its `close`. A page can hold
    /// fewer than the limit and not be the last.
    public func exchanges(
        _ filter: ExchangeFilter, after cursor: PageCursor?, limit: Int
    ) async throws -> Page<JSON> {
        let question = PageCursor.digest("exchanges \(filter.question)")
        guard cursor == nil || cursor?.question == question && cursor?.keys.count == 1 else {
            throw QuestionFault.foreignCursor
        }
        let search = ExchangeSearch(filter: filter, limit: limit)
        let journal = journal
        return try await database.read { db in
            let (found, next) = try search.run(below: cursor?.keys.first, db)
            return Page(
                elements: try ExchangeFrames(journal: journal).json(found),
                next: next.map { PageCursor([$0], question: question) })
        }
    }

    /// The sessions with the latest exchanges that fulfil the filter.
    public func sessions(_ filter: SessionFilter, after cursor: PageCursor?, limit: Int) async throws -> Page<JSON> {
        let question = PageCursor.digest("sessions \(filter.question)")
        guard cursor == nil || cursor?.question == question && cursor?.keys.count == 2 else {
            throw QuestionFault.foreignCursor
        }
        let search = SessionSearch(filter: filter, limit: limit)
        return try await database.read { db in
            let (found, next) = try search.run(after: cursor?.keys, db)
            return Page(elements: found, next: next.map { PageCursor($0, question: question) })
        }
    }

    /// A session and a page of its exchanges in the order in which they were recorded, with the texts of their prompts
    /// that were sent; nil where there is none of that id.
    public func session(
        _ id: SessionID, after cursor: PageCursor?, limit: Int
    ) async throws -> (session: JSON, exchanges: Page<JSON>)? {
        let question = PageCursor.digest("session \(id)")
        guard cursor == nil || cursor?.question == question && cursor?.keys.count == 1 else {
            throw QuestionFault.foreignCursor
        }
        let journal = journal
        return try await database.read { db in
            guard let row = try Row.fetchOne(db, sql: Statements.sessionNamed, arguments: [id.description]) else {
                return nil
            }
            let rows = try Row.fetchAll(
                db, sql: Statements.exchangesOfSession,
                arguments: [row[0] as Int64, cursor?.keys.first ?? -1, limit + 1])
            let last: Int64? = rows.count > limit ? rows[limit - 1][1] : nil
            let exchanges = try ExchangeFrames(journal: journal).json(rows.prefix(limit).map(ExchangeSearch.Found.init))
            let page = Page(
                elements: try PromptFrames(journal: journal).adding(to: exchanges, db),
                next: last.map { PageCursor([$0], question: question) })
            return (try SessionSearch.json(row, db), page)
        }
    }

    /// An exchange's opening, its prompt where the text was sent and, once it is over, its closing; nil where there is none of that id.
    public func exchange(_ id: ExchangeID) async throws -> JSON? {
        let journal = journal
        return try await database.read { db in
            guard let row = try Row.fetchOne(db, sql: Statements.exchange, arguments: [Data(id.bytes)]) else {
                return nil
            }
            let exchange = try ExchangeFrames(journal: journal).json([ExchangeSearch.Found(row)])
            return try PromptFrames(journal: journal).adding(to: exchange, db).first
        }
    }
}
