import Foundation
import GRDB
import Recording
import Vocabulary

/// The frames of one transaction. An exchange that begins and ends within it is written once.
struct IndexBatch {
    private struct Exchange {
        let id: Int64
        let opening: IndexedOpening
        let opened: Place
        let session: Int64
        let invocation: Int64?
        var object: Int64?
        let words: [Facet: Int64]
        var outcome = IndexBatch.stillOpen
        var closed: Place?
    }

    /// The word for the outcome of what has none yet.
    static let stillOpen = "open"
    private static let denied = "deny"

    private let db: Database
    private(set) var known: KnownRows
    private(set) var maximum: Int64
    private var begun: [ExchangeID: Exchange] = [:]
    private var order: [ExchangeID] = []
    private var ids: Set<Int64> = []
    private var tallies = Tallies()

    init(_ db: Database, _ known: KnownRows, maximum: Int64) {
        self.db = db
        self.known = known
        self.maximum = maximum
    }

    mutating func take(_ frame: JournalFrame) throws {
        switch frame.kind {
        case .session: try takeSession(frame)
        case .open: try takeOpening(frame)
        case .chunk: try takeChunk(frame)
        case .close: try takeClosing(frame)
        case .gateway: try takeGateway(frame)
        case .decision: break
        }
    }

    /// Writes what was gathered.
    mutating func finish() throws {
        for exchange in order.compactMap({ begun[$0] }) { try add(exchange) }
        try write(tallies)
    }

    // MARK: frames

    private mutating func takeSession(_ frame: JournalFrame) throws {
        guard let json = JSONMembers(frame.payload), let session = json["session"]?.string,
            let time = json["time"]?.string.flatMap(Timestamp.init(rfc3339:))
        else { return }
        let row = try self.session(session, of: json, time: time.nanoseconds)
        guard let digest = json["prompt"]?.members?["digest"]?.string else { return }
        try db.cachedStatement(sql: Statements.addPrompt).execute(arguments: [
            row, digest, try Place(frame.position).value,
        ])
    }

    private mutating func takeOpening(_ frame: JournalFrame) throws {
        guard let opening = IndexedOpening(frame) else { return }
        // After a failed sync the journal says it again, and then the first frame is gone; what is later than all is new.
        if begun[opening.exchange] != nil { return }
        let place = try Place(frame.position)
        if opening.time <= maximum, let id = try row(of: opening.exchange)?.id {
            return try db.cachedStatement(sql: Statements.moveOpening).execute(arguments: [place.value, id])
        }
        let session = try session(opening.session, of: opening.json, time: opening.time)
        var words: [Facet: Int64] = [:]
        for (facet, text) in opening.words {
            let word = try word(facet, text)
            words[facet] = word
            if Facet.ofSessions.contains(facet) { try link(word, to: session) }
        }
        let id = try unusedID(opening.time)
        ids.insert(id)
        maximum = max(maximum, id)
        begun[opening.exchange] = Exchange(
            id: id, opening: opening, opened: place, session: session,
            invocation: try opening.invocation.map { try invocation($0, of: session, time: opening.time) },
            object: nil, words: words)
        try nameObject(opening, words)
        order.append(opening.exchange)
        known.learn(opening.exchange, id)
    }

    private mutating func takeChunk(_ frame: JournalFrame) throws {
        guard let chunk = RecordedChunk(frame) else { return }
        let exchange = ExchangeID(bytes: frame.payload.prefix(16))
        guard let id = try begun[exchange]?.id ?? known.exchanges[exchange] ?? row(of: exchange)?.id else { return }
        known.learn(exchange, id)
        try takeName(chunk, of: exchange, id)
        try db.cachedStatement(sql: Statements.addChunk).execute(arguments: [
            id, try Place(frame.position).value, chunk.direction.rawValue,
            chunk.channel == .body ? nil : chunk.channel.name, chunk.channel.isContent, chunk.count,
        ])
    }

    private mutating func takeClosing(_ frame: JournalFrame) throws {
        guard let closing = IndexedClosing(frame) else { return }
        let place = try Place(frame.position)
        if let exchange = begun[closing.exchange] {
            begun[closing.exchange]?.outcome = closing.outcome
            begun[closing.exchange]?.closed = place
            tallies.sessions[exchange.session, default: .init()].see(closing.time)
            return
        }
        guard let row = try row(of: closing.exchange) else { return }
        let outcome = try word(.outcome, closing.outcome)
        try db.cachedStatement(sql: Statements.close).execute(arguments: [place.value, outcome, row.id])
        let isDenied = try row.decision == word(.decision, Self.denied)
        if row.outcome != outcome {
            Tallies.count(&tallies.words, row.outcome, at: row.id, by: -1)
            Tallies.count(&tallies.words, outcome, at: row.id)
            if try row.outcome == word(.outcome, Self.stillOpen) {
                tallies.countEnd(row.session, outcome: closing.outcome, isDenied: isDenied)
            }
        }
        tallies.sessions[row.session, default: .init()].see(closing.time)
    }

    /// Whoever leaves a segment after a failed sync writes what is in doubt once more, and cuts it off there.
    private func takeGateway(_ frame: JournalFrame) throws {
        guard let json = JSONMembers(frame.payload), json["event"]?.string == "abandoned",
            let segment = json["segment"]?.string.flatMap(UInt64.init),
            let length = json["syncedLength"]?.string.flatMap(Int64.init)
        else { return }
        let cut = try Place(JournalPosition(segment: segment, offset: length))
        let end = try Place(JournalPosition(segment: segment + 1, offset: 0))
        try db.cachedStatement(sql: Statements.removeChunksBetween).execute(arguments: [cut.value, end.value])
    }

    // MARK: the object

    private static let longestNamedBody = 1 << 20

    /// Notes the object that the path names; for what is made without a name there, the body is awaited.
    private mutating func nameObject(_ opening: IndexedOpening, _ words: [Facet: Int64]) throws {
        guard let resource = words[.resource], let cluster = words[.cluster] else { return }
        let object = KnownRows.Object(
            name: opening.objectName ?? "", namespace: words[.namespace] ?? 0, resource: resource, cluster: cluster)
        if opening.objectName != nil {
            let row = try self.object(object)
            begun[opening.exchange]?.object = row
        } else if opening.words[.verb] == "create" {
            known.await(nameOf: object, in: opening.exchange)
        }
    }

    /// Reads the name of what is made from the body, where that came in one piece.
    private mutating func takeName(_ chunk: RecordedChunk, of exchange: ExchangeID, _ id: Int64) throws {
        guard chunk.offset == 0, var object = known.takeNameless(exchange) else { return }
        guard chunk.count <= Self.longestNamedBody, let name = ObjectName.read(Array(chunk.bytes)) else {
            // The request leaves its name to the cluster, or the record lacks its body: the answer tells.
            if chunk.direction == .request { known.await(nameOf: object, in: exchange) }
            return
        }
        object.name = name
        let row = try self.object(object)
        if begun[exchange] != nil {
            begun[exchange]?.object = row
            return
        }
        try db.cachedStatement(sql: Statements.nameObject).execute(arguments: [row, id])
        Tallies.count(&tallies.objects, row, at: id)
    }

    // MARK: rows

    private struct ExchangeRow {
        let id: Int64
        let session: Int64
        let decision: Int64?
        let outcome: Int64
    }

    private func row(of exchange: ExchangeID) throws -> ExchangeRow? {
        let statement = try db.cachedStatement(sql: Statements.findExchange)
        guard let row = try Row.fetchOne(statement, arguments: [Data(exchange.bytes)]) else { return nil }
        return ExchangeRow(id: row[0], session: row[1], decision: row[2], outcome: row[3])
    }

    /// The time itself, or the next nanosecond at which no other exchange began.
    private func unusedID(_ time: Int64) throws -> Int64 {
        var id = time
        guard id <= maximum else { return id }
        let statement = try db.cachedStatement(sql: Statements.isTaken)
        while try ids.contains(id) || Int64.fetchOne(statement, arguments: [id]) != nil { id += 1 }
        return id
    }

    private mutating func word(_ facet: Facet, _ text: String) throws -> Int64 {
        let key = KnownRows.Word(facet: facet, text: text)
        if let id = known.words[key] { return id }
        let id = try findOrAdd(Statements.findWord, Statements.addWord, [facet.rawValue, text]) { id in
            guard facet == .prompt else { return }
            try db.cachedStatement(sql: Statements.addWordText).execute(arguments: [id, text])
        }
        known.learn(key, id)
        return id
    }

    private mutating func object(_ object: KnownRows.Object) throws -> Int64 {
        if let id = known.objects[object] { return id }
        let values: StatementArguments = [object.name, object.namespace, object.resource, object.cluster]
        let id = try findOrAdd(Statements.findObject, Statements.addObject, values) { id in
            try db.cachedStatement(sql: Statements.addObjectText).execute(arguments: [id, object.name])
        }
        known.learn(object, id)
        return id
    }

    private mutating func session(_ text: String, of json: JSONMembers, time: Int64) throws -> Int64 {
        if let id = known.sessions[text] { return id }
        let find = try db.cachedStatement(sql: Statements.findSession)
        let id: Int64
        if let found = try Int64.fetchOne(find, arguments: [text]) {
            id = found
        } else {
            try db.cachedStatement(sql: Statements.addSession).execute(arguments: [
                text, IndexedOpening.author(json), time, time,
            ])
            id = db.lastInsertedRowID
        }
        known.learn(session: text, id)
        return id
    }

    private mutating func invocation(_ text: String, of session: Int64, time: Int64) throws -> Int64 {
        let key = KnownRows.Invocation(session: session, text: text)
        if let id = known.invocations[key] { return id }
        let find = try db.cachedStatement(sql: Statements.findInvocation)
        let id: Int64
        if let found = try Int64.fetchOne(find, arguments: [session, text]) {
            id = found
        } else {
            try db.cachedStatement(sql: Statements.addInvocation).execute(arguments: [session, text, time, time])
            id = db.lastInsertedRowID
        }
        known.learn(key, id)
        return id
    }

    private mutating func link(_ word: Int64, to session: Int64) throws {
        guard known.learn(KnownRows.SessionWord(session: session, word: word)) else { return }
        try db.cachedStatement(sql: Statements.addSessionWord).execute(arguments: [session, word])
    }

    private func findOrAdd(
        _ find: String, _ add: String, _ values: StatementArguments, added: (Int64) throws -> Void
    ) throws -> Int64 {
        if let id = try Int64.fetchOne(try db.cachedStatement(sql: find), arguments: values) { return id }
        try db.cachedStatement(sql: add).execute(arguments: values)
        let id = db.lastInsertedRowID
        try added(id)
        return id
    }

    private mutating func add(_ exchange: Exchange) throws {
        let outcome = try word(.outcome, exchange.outcome)
        let words = exchange.words
        try db.cachedStatement(sql: Statements.addExchange).execute(arguments: [
            exchange.id, Data(exchange.opening.exchange.bytes), exchange.session, exchange.invocation, exchange.object,
            exchange.opened.value, exchange.closed?.value, words[.identity], words[.model], words[.agent],
            words[.prompt], words[.cluster], words[.verb], words[.resource], words[.namespace], outcome,
            words[.decision],
        ])
        for word in words.values { Tallies.count(&tallies.words, word, at: exchange.id) }
        Tallies.count(&tallies.words, outcome, at: exchange.id)
        if let object = exchange.object { Tallies.count(&tallies.objects, object, at: exchange.id) }
        if let invocation = exchange.invocation { Tallies.count(&tallies.invocations, invocation, at: exchange.id) }
        Tallies.count(&tallies.sessions, exchange.session, at: exchange.opening.time)
        tallies.countEnd(
            exchange.session, outcome: exchange.outcome,
            isDenied: exchange.opening.words[.decision] == Self.denied)
    }

    private func write(_ tallies: Tallies) throws {
        let word = try db.cachedStatement(sql: Statements.countWord)
        for (id, tally) in tallies.words { try word.execute(arguments: [tally.exchanges, tally.last, id]) }
        let object = try db.cachedStatement(sql: Statements.countObject)
        for (id, tally) in tallies.objects { try object.execute(arguments: [tally.exchanges, tally.last, id]) }
        let invocation = try db.cachedStatement(sql: Statements.countInvocation)
        for (id, tally) in tallies.invocations {
            try invocation.execute(arguments: [tally.first, tally.last, tally.exchanges, id])
        }
        let session = try db.cachedStatement(sql: Statements.countSession)
        for (id, tally) in tallies.sessions {
            try session.execute(arguments: [
                tally.first, tally.last, tally.exchanges, tally.denied, tally.failed, tally.unknown, id,
            ])
        }
    }
}
