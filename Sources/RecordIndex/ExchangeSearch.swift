import Foundation
import GRDB
import Recording
import Vocabulary

/// Finds the latest exchanges that fulfil a filter. It goes back in time in steps, along the condition that the fewest
/// fulfil, and stops after a while with what it has: a page may be short, and the next one goes on from there.
struct ExchangeSearch {
    /// An exchange and where its frames stand.
    struct Found: Hashable, Sendable {
        let id: Int64
        let opened: JournalPosition
        let closed: JournalPosition?

        init(_ row: Row) {
            id = row[0]
            opened = Place(value: row[1]).position
            closed = (row[2] as Int64?).map { Place(value: $0).position }
        }
    }

    let filter: ExchangeFilter
    let limit: Int
    /// How long a page is looked for.
    var patience: Duration = .milliseconds(800)

    /// Up to so many exchanges are gone through in one step.
    private static let oneStep: Int64 = 20_000

    /// Below which id to look, and what is found.
    func run(below cursor: Int64?, _ db: Database) throws -> (found: [Found], next: Int64?) {
        guard let row = try Row.fetchOne(db, sql: Statements.bounds), let least: Int64 = row[0],
            let greatest: Int64 = row[1]
        else { return ([], nil) }
        let conditions = try conditions(db)
        guard !conditions.contains(where: \.isHopeless) else { return ([], nil) }
        let way = conditions.indices.filter { conditions[$0].isWay }.min {
            conditions[$0].exchanges < conditions[$1].exchanges
        }
        var high = min(cursor ?? .max, filter.until?.nanoseconds ?? .max, greatest + 1)
        for condition in conditions where condition.isWay { high = min(high, condition.last + 1) }
        let low = max(filter.since?.nanoseconds ?? .min, least)
        var step = try firstStep(from: low, below: high, expected: way.map { conditions[$0].exchanges }, db)
        let deadline = ContinuousClock.now + patience
        var found: [Found] = []
        while high > low {
            let from = high - low > step ? high - step : low
            found += try select(conditions, way, from: from, below: high, limit + 1 - found.count, db)
            high = from
            if found.count > limit { return (Array(found.prefix(limit)), found[limit - 1].id) }
            if ContinuousClock.now > deadline { break }
            step = step.multipliedReportingOverflow(by: 4).overflow ? .max : step * 4
        }
        return (found, high > low ? high : nil)
    }

    private func conditions(_ db: Database) throws -> [Condition] {
        var conditions = try filter.words.map { try Condition.word($0.key, $0.value, db) }
        if let session = filter.session { conditions.append(try .session(session.description, db)) }
        if let name = filter.name { conditions.append(try .objects(named: name, db)) }
        if let text = filter.text { conditions.append(try .text(text, db)) }
        return conditions
    }

    /// A span that should hold a few pages' worth of what is gone through; all of it, where that is not much. Where nothing
    /// is known of how many fulfil a condition, every exchange is gone through.
    private func firstStep(
        from low: Int64, below high: Int64, expected: Int64?, _ db: Database
    ) throws -> Int64 {
        guard let expected else {
            let values: StatementArguments = [high, 4 * limit]
            return try Int64.fetchOne(db, sql: Statements.idBelow, arguments: values).map { high - $0 } ?? .max
        }
        guard expected > Self.oneStep, filter.session == nil, high > low else { return .max }
        return max((high - low) / max(1, expected / Int64(4 * limit)), 1)
    }

    private func select(
        _ conditions: [Condition], _ way: Int?, from low: Int64, below high: Int64, _ count: Int, _ db: Database
    ) throws -> [Found] {
        var tests: [String] = []
        var values: [String] = []
        for (index, condition) in conditions.enumerated() where index != way {
            tests.append(condition.sql)
            values += condition.test?.values ?? []
        }
        let ways: [(String, Int64)?] = way.map { conditions[$0].ways } ?? [nil]
        let selections = ways.map {
            Statements.exchanges(by: $0, from: low, below: high, conditions: tests, limit: count)
        }
        let repeated = ways.flatMap { _ in values }
        return try Row.fetchAll(
            db, sql: Statements.latest(of: selections, limit: count), arguments: StatementArguments(repeated)
        ).map(Found.init)
    }
}
