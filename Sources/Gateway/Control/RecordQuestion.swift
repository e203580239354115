import RecordIndex
import Vocabulary

/// The query of a request to the record, taken apart field by field; what nobody took is refused.
struct RecordQuestion {
    private var fields: [String: String] = [:]
    private var known: [String] = []

    init(_ query: String) throws(RecordRefusal) {
        guard let form = FormFields(parsing: query) else { throw .badQuery }
        for field in form.fields {
            guard fields[field.name] == nil else { throw .badValue(field.name, expected: "there once") }
            fields[field.name] = field.value
        }
    }

    /// Takes a field; nil where it is absent or empty.
    mutating func text(_ name: String) -> String? {
        known.append(name)
        return fields.removeValue(forKey: name).flatMap { $0.isEmpty ? nil : $0 }
    }

    static let mostPerPage = 1_000

    /// How many the page holds at most; 50 where nothing is said.
    mutating func limit() throws(RecordRefusal) -> Int {
        guard let text = text("limit") else { return 50 }
        guard let limit = Int(text), (1...Self.mostPerPage).contains(limit) else {
            throw .badValue("limit", expected: "a number from 1 to \(Self.mostPerPage)")
        }
        return limit
    }

    mutating func cursor() throws(RecordRefusal) -> PageCursor? {
        guard let text = text("cursor") else { return nil }
        guard let cursor = PageCursor(text) else { throw .question(.foreignCursor) }
        return cursor
    }

    mutating func exchangeFilter() throws(RecordRefusal) -> ExchangeFilter {
        var filter = ExchangeFilter()
        filter.words = words(Facet.allCases)
        filter.since = try time("since")
        filter.until = try time("until")
        if let text = text("session") {
            guard let session = SessionID(text) else { throw .badValue("session", expected: "a session's id") }
            filter.session = session
        }
        filter.name = text("name")
        filter.text = text("text")
        return filter
    }

    mutating func sessionFilter() throws(RecordRefusal) -> SessionFilter {
        var filter = SessionFilter()
        filter.words = words(SessionFilter.facets)
        filter.since = try time("since")
        filter.until = try time("until")
        return filter
    }

    /// Refuses what nobody took.
    func finish() throws(RecordRefusal) {
        if let name = fields.keys.min() { throw .unknownField(name, known: known) }
    }

    private mutating func words(_ facets: [Facet]) -> [Facet: String] {
        var words: [Facet: String] = [:]
        for facet in facets { words[facet] = text(facet.name) }
        return words
    }

    private mutating func time(_ name: String) throws(RecordRefusal) -> Timestamp? {
        guard let text = text(name) else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw .badValue(name, expected: "a time in UTC as RFC 3339 writes it, 2026-11-21T04:24:00Z")
        }
        return time
    }
}
