import GRDB

/// A condition of a search, as rows of the index: an exchange must have one of the words of one of the columns.
struct Condition {
    struct Choice {
        let column: String
        let ids: [Int64]
    }

    var choices: [Choice] = []
    /// About how many exchanges fulfil it.
    var exchanges: Int64 = 0
    /// None later fulfils it.
    var last = Int64.min
    /// Where there are too many words to name them: what to ask of each exchange instead, and with which values.
    var test: (sql: String, values: [String])?

    /// So many words are looked up one by one; SQLite joins at most 500 selections.
    static let mostWords = 200

    /// So many are put in a list, of which each exchange is asked.
    private static let mostListed = 60_000

    /// True where the exchanges are best found by this condition's words.
    var isWay: Bool { test == nil }

    /// Nothing fulfils it.
    var isHopeless: Bool { test == nil && choices.allSatisfy(\.ids.isEmpty) }

    /// What must hold of an exchange that was found in another way.
    var sql: String {
        if let test { return test.sql }
        let parts = choices.filter { !$0.ids.isEmpty }.map { Statements.has($0.column, oneOf: $0.ids) }
        return parts.count == 1 ? parts[0] : "(\(parts.joined(separator: " OR ")))"
    }

    /// The column and word of each selection that together find all.
    var ways: [(column: String, word: Int64)] {
        choices.flatMap { choice in choice.ids.map { (choice.column, $0) } }
    }

    private init() {}

    private mutating func add(_ column: String, _ rows: [Row]) {
        choices.append(Choice(column: column, ids: rows.map { $0[0] }))
        for row in rows {
            exchanges += row[1]
            last = max(last, row[2])
        }
    }

    // MARK: the conditions there are

    static func word(_ facet: Facet, _ text: String, _ db: Database) throws -> Condition {
        var condition = Condition()
        let rows: [Row]
        if facet == .resource {
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let (kind, subresource) = (parts[0], parts.count == 2 ? parts[1] : nil)
            // A group and a subresource begin with "." and "/", which stand before "0".
            let values: StatementArguments = [facet.rawValue, String(kind), "\(kind)0"]
            rows = try Row.fetchAll(db, sql: Statements.wordsBetween, arguments: values).filter { row in
                let word = (row[3] as String).split(separator: "/", maxSplits: 1)
                return (word[0] == kind || word[0].hasPrefix("\(kind)."))
                    && (subresource == nil || word.count == 2 && word[1] == subresource)
            }
        } else {
            rows = try Row.fetchAll(db, sql: Statements.word, arguments: [facet.rawValue, text])
        }
        condition.add(facet.name, rows)
        return condition
    }

    static func objects(named name: String, _ db: Database) throws -> Condition {
        var condition = Condition()
        let rows = try Row.fetchAll(db, sql: Statements.objectsNamed, arguments: [name, mostWords + 1])
        if rows.count > mostWords { condition.test = (Statements.objectsNamedAnywhere, [name]) }
        condition.add("object", rows)
        return condition
    }

    static func text(_ text: String, _ db: Database) throws -> Condition {
        var condition = Condition()
        let pattern = "%\(escaped(text))%"
        condition.test = (Statements.textAnywhere, [pattern, pattern])
        // Shorter text has no trigram to be found by.
        guard text.unicodeScalars.count >= 3 else { return condition }
        let phrase = "\"\(text.replacing("\"", with: "\"\""))\""
        let limit = mostWords / 2 + 1
        let objects = try Row.fetchAll(db, sql: Statements.objectsLike, arguments: [phrase, limit])
        let prompts = try Row.fetchAll(db, sql: Statements.wordsLike, arguments: [phrase, limit])
        guard objects.count < limit, prompts.count < limit else {
            for count in [Statements.countObjectsLike, Statements.countWordsLike] {
                let found = try Int.fetchOne(db, sql: count, arguments: [phrase, mostListed + 1]) ?? 0
                if found > mostListed { return condition }
            }
            condition.test = (Statements.textInList, [phrase, phrase])
            return condition
        }
        condition.test = nil
        condition.add("object", objects)
        condition.add("prompt", prompts)
        return condition
    }

    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "%_\\".contains($0) ? ["\\", $0] : [$0] })
    }

    static func session(_ text: String, _ db: Database) throws -> Condition {
        var condition = Condition()
        condition.add("session", try Row.fetchAll(db, sql: Statements.sessionCount, arguments: [text]))
        return condition
    }
}
