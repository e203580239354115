import GRDB
import Vocabulary

/// Finds the sessions with the latest exchanges.
struct SessionSearch {
    let filter: SessionFilter
    let limit: Int

    /// Where a word has at most so many sessions, they are found by it.
    private static let few = 5_000

    func run(after cursor: [Int64]?, _ db: Database) throws -> (found: [JSON], next: [Int64]?) {
        var words: [Int64] = []
        for (facet, text) in filter.words {
            guard let row = try Row.fetchOne(db, sql: Statements.word, arguments: [facet.rawValue, text]) else {
                return ([], nil)
            }
            words.append(row[0])
        }
        let counted = try words.map { word in
            let arguments: StatementArguments = [word, Self.few + 1]
            return (word, try Int.fetchOne(db, sql: Statements.countSessionsWith, arguments: arguments) ?? 0)
        }
        let way = counted.filter { $0.1 <= Self.few }.min { $0.1 < $1.1 }?.0
        let rows = try Row.fetchAll(
            db, sql: Statements.sessions(by: way, with: words.filter { $0 != way }),
            arguments: [
                filter.until?.nanoseconds ?? .max, filter.since?.nanoseconds ?? .min, cursor?.first ?? .max,
                cursor?.last ?? .max, limit + 1,
            ])
        let shown = rows.prefix(limit)
        let next: [Int64]? = rows.count > limit ? shown.last.map { [$0[4], $0[0]] } : nil
        return (try shown.map { try Self.json($0, db) }, next)
    }

    /// A session as the API tells it.
    static func json(_ row: Row, _ db: Database) throws -> JSON {
        let id: Int64 = row[0]
        let author = try JSON(parsing: Array((row[2] as String).utf8))
        let clusters = try String.fetchAll(
            db, sql: Statements.sessionClusters, arguments: [id, Facet.cluster.rawValue])
        func time(_ column: Int) -> JSON { .string(Timestamp(nanoseconds: row[column]).description) }
        func count(_ column: Int) -> JSON { .integer(row[column] as Int64) }
        return [
            "byline": author["byline"] ?? [:], "clusters": .strings(clusters), "denied": count(6),
            "exchanges": count(5), "failed": count(7), "firstTime": time(3), "identity": author["identity"] ?? [:],
            "lastTime": time(4), "session": .string(row[1]), "unknown": count(8),
        ]
    }
}
