import Vocabulary

/// Rows that the writer met lately, so that it need not look them up again. Each set is forgotten when it is full.
struct KnownRows {
    struct Word: Hashable {
        let facet: Facet
        let text: String
    }

    struct Object: Hashable {
        var name: String
        let namespace: Int64
        let resource: Int64
        let cluster: Int64
    }

    struct Invocation: Hashable {
        let session: Int64
        let text: String
    }

    struct SessionWord: Hashable {
        let session: Int64
        let word: Int64
    }

    private(set) var words: [Word: Int64] = [:]
    private(set) var objects: [Object: Int64] = [:]
    private(set) var sessions: [String: Int64] = [:]
    private(set) var invocations: [Invocation: Int64] = [:]
    private(set) var sessionWords: Set<SessionWord> = []
    private(set) var exchanges: [ExchangeID: Int64] = [:]
    /// Exchanges that make an object whose name is yet to come, in the request's body.
    private(set) var nameless: [ExchangeID: Object] = [:]

    private static let limit = 20_000

    mutating func learn(_ word: Word, _ id: Int64) { Self.add(&words, word, id) }
    mutating func learn(_ object: Object, _ id: Int64) { Self.add(&objects, object, id) }
    mutating func learn(session: String, _ id: Int64) { Self.add(&sessions, session, id) }
    mutating func learn(_ invocation: Invocation, _ id: Int64) { Self.add(&invocations, invocation, id) }
    mutating func learn(_ exchange: ExchangeID, _ id: Int64) { Self.add(&exchanges, exchange, id) }

    mutating func await(nameOf object: Object, in exchange: ExchangeID) { Self.add(&nameless, exchange, object) }
    mutating func takeNameless(_ exchange: ExchangeID) -> Object? { nameless.removeValue(forKey: exchange) }

    /// Returns true where the word was not yet known to be the session's.
    mutating func learn(_ word: SessionWord) -> Bool {
        if sessionWords.count >= Self.limit { sessionWords.removeAll(keepingCapacity: true) }
        return sessionWords.insert(word).inserted
    }

    private static func add<Key, Value>(_ rows: inout [Key: Value], _ key: Key, _ value: Value) {
        if rows.count >= limit { rows.removeAll(keepingCapacity: true) }
        rows[key] = value
    }
}
