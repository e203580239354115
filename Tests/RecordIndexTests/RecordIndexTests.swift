import Foundation
import LocalState
import RecordIndex
import TestSupport
import Testing
import Vocabulary

@testable import Recording

@Suite struct RecordIndexTests {
    private func index(_ journal: JournalFixture) async throws -> RecordIndex {
        try journal.save()
        let index = try RecordIndex(folder: journal.index, journal: journal.journal)
        await index.catchUp(patience: .seconds(20))
        #expect(index.failure == nil)
        return index
    }

    private func ids(_ index: RecordIndex, limit: Int = 50, _ change: (inout ExchangeFilter) -> Void) async throws
        -> [String]
    {
        var filter = ExchangeFilter()
        change(&filter)
        var ids: [String] = []
        var cursor: PageCursor?
        repeat {
            let page = try await index.exchanges(filter, after: cursor, limit: limit)
            ids += page.elements.compactMap { $0["open"]?["exchange"]?.string }
            cursor = page.next
        } while cursor != nil
        return ids
    }

    @Test func findsExchangesByEachFacet() async throws {
        let journal = try JournalFixture()
        let one = journal.open(
            identity: "bob", model: "m-2", prompt: "p-2", agent: "a-2", cluster: "other", verb: "delete",
            resource: "deployments", group: "apps", namespace: "shop", name: "web", effect: "deny")
        journal.close(one, outcome: "failed", status: 403)
        for _ in 0..<5 { journal.close(journal.open()) }
        let index = try await index(journal)
        let wanted: [Facet: String] = [
            .identity: "bob", .model: "m-2", .agent: "a-2", .prompt: "p-2", .cluster: "other", .verb: "delete",
            .resource: "deployments", .namespace: "shop", .outcome: "failed", .decision: "deny",
        ]
        #expect(Set(wanted.keys) == Set(Facet.allCases))
        for (facet, word) in wanted {
            #expect(try await ids(index) { $0.words = [facet: word] } == [one.description], "\(facet)")
            #expect(try await ids(index) { $0.words = [facet: "\(word)x"] } == [], "\(facet)")
        }
        #expect(try await ids(index) { $0.words = wanted } == [one.description])
        #expect(try await ids(index) { $0.words = wanted.merging([.model: "m-1"]) { _, new in new } } == [])
        #expect(try await ids(index) { $0.name = "web" } == [one.description])
        #expect(try await ids(index) { $0.session = SessionID("s-1") }.count == 6)
        await index.stop()
    }

    @Test func aPromptsTextIsToldWithTheFirstExchangeOfItsSessionThatNamesIt() async throws {
        let journal = try JournalFixture()
        journal.prompt("of another", digest: "sha256:1", session: "s-2")
        let ids = ["sha256:1", "sha256:1", "sha256:2"].map { journal.open(digest: $0) }
        journal.prompt("one", digest: "sha256:1")
        try journal.rotate()
        journal.prompt("one", digest: "sha256:1")
        let index = try await index(journal)
        func texts(_ exchanges: [JSON]) -> [String?] { exchanges.map { $0["prompt"]?["text"]?.string } }
        let session = try #require(SessionID("s-1"))
        let whole = try #require(try await index.session(session, after: nil, limit: 9)).exchanges
        #expect(texts(whole.elements) == ["one", nil, nil])
        let first = try #require(try await index.session(session, after: nil, limit: 1)).exchanges
        let second = try #require(try await index.session(session, after: first.next, limit: 1)).exchanges
        #expect(texts(first.elements + second.elements) == ["one", "one"])
        var single: [JSON] = []
        for id in ids { single.append(try #require(try await index.exchange(id))) }
        #expect(texts(single) == ["one", "one", nil])
        await index.stop()
    }

    @Test func aResourceIsMeantInAnyGroupAndWithItsSubresourcesUnlessTheyAreNamed() async throws {
        let journal = try JournalFixture()
        let scale = journal.open(resource: "deployments", group: "apps", subresource: "scale").description
        let apps = journal.open(resource: "deployments", group: "apps").description
        let other = journal.open(resource: "deployments", group: "other.example").description
        journal.open(resource: "deploymentsets", group: "apps")
        let index = try await index(journal)
        for (resource, expected) in [
            ("deployments", [other, apps, scale]), ("deployments.apps", [apps, scale]), ("deployments/scale", [scale]),
            ("deployments.apps/scale", [scale]), ("deployment", []), ("deployments/", []), ("deployments.app", []),
        ] {
            #expect(try await ids(index) { $0.words = [.resource: resource] } == expected, "\(resource)")
        }
        await index.stop()
    }

    @Test func whatIsMadeIsFoundByTheNameInItsBody() async throws {
        let journal = try JournalFixture()
        let create = journal.open(verb: "create", resource: "configmaps")
        let index = try await index(journal)
        #expect(try await ids(index) { $0.name = "settings" } == [])
        journal.chunk(create, .request, offset: 0, Array(#"{"metadata":{"name":"settings"}}"#.utf8))
        let other = journal.open(verb: "create", resource: "configmaps", namespace: "shop")
        journal.chunk(other, .request, offset: 0, Array(#"{"metadata":{"name":"settings"}}"#.utf8))
        // Kubernetes' protobuf: type and object, in which metadata, in which the name.
        let binary = journal.open(verb: "create", resource: "configmaps")
        let named: [UInt8] = [0x0A, 0x08] + Array("settings".utf8)
        let object: [UInt8] = [0x0A, UInt8(named.count)] + named
        let head: [UInt8] = [0x0A, 0x02, 0x0A, 0x00, 0x12, UInt8(object.count)]
        let envelope: [UInt8] = Array("k8s\0".utf8) + head + object
        journal.chunk(binary, .request, offset: 0, envelope)
        for count in 4..<envelope.count {
            journal.chunk(journal.open(verb: "create"), .request, offset: 0, Array(envelope.prefix(count)))
        }
        for body in ["no JSON", "[]", #"{"metadata":{"generateName":"settings"}}"#, #"{"metadata":{"name":7}}"#] {
            journal.chunk(journal.open(verb: "create"), .request, offset: 0, Array(body.utf8))
        }
        try journal.save()
        await index.catchUp()
        #expect(try await ids(index) { $0.name = "settings" } == [binary, other, create].map(\.description))
        #expect(
            try await ids(index) {
                $0.name = "settings"
                $0.words = [.namespace: "shop"]
            } == [other.description])
        await index.stop()
    }

    @Test func whatAFailedSyncLeftBehindIsReadOnce() async throws {
        let journal = try JournalFixture()
        let id = journal.open()
        let synced = journal.length
        journal.chunk(id, .response, offset: 0, Array("once".utf8))
        var index = try await index(journal)
        await index.stop()
        try journal.rotate()
        let facts: JSON = ["event": "abandoned", "segment": "1", "syncedLength": .string("\(synced)"), "time": "t"]
        journal.frame(.gateway, facts.canonicalBytes)
        journal.chunk(id, .response, offset: 0, Array("once".utf8))
        index = try await self.index(journal)
        #expect(try await index.length(of: id, .response) == 4)
        await index.stop()
    }

    @Test func forgetsWhatTheJournalNoLongerKeeps() async throws {
        let journal = try JournalFixture()
        let old = journal.open(session: "s-1", prompt: "p-old", name: "old-web")
        journal.chunk(old, .response, offset: 0, [1, 2, 3])
        try journal.rotate()
        let held = journal.open(session: "s-2", prompt: "p-held")
        try journal.rotate()
        journal.open(session: "s-3")
        try journal.rotate()
        let new = journal.open(session: "s-4", prompt: "p-new", name: "new-web")
        var index = try await index(journal)
        #expect(try await ids(index) { $0.text = "web" } == [new.description, old.description])
        await index.stop()
        for segment in [1, 3] { try PrivateFile.remove(journal.path(UInt64(segment))) }
        index = try await self.index(journal)
        // What is forgotten is forgotten behind the first answer.
        await index.catchUp()
        #expect(try await ids(index) { _ in } == [new.description, held.description])
        #expect(try await ids(index) { $0.text = "web" } == [new.description])
        #expect(try await index.length(of: old, .response) == nil)
        let sessions = try await index.sessions(SessionFilter(), after: nil, limit: 9).elements
        #expect(sessions.map { $0["session"] } == ["s-4", "s-2"])
        await index.stop()
    }

    @Test func findsPartsOfObjectNamesAndPromptsInEitherCase() async throws {
        let journal = try JournalFixture()
        let named = journal.open(prompt: nil, name: "Checkout-web-7").description
        let prompted = journal.open(prompt: "fix-the-CHECKOUT").description
        journal.open(name: "cart")
        let index = try await index(journal)
        #expect(try await ids(index) { $0.text = "checkout" } == [prompted, named])
        #expect(try await ids(index) { $0.text = "WEB-7" } == [named])
        // Too short for a trigram; SQL's wildcards are plain characters.
        #expect(try await ids(index) { $0.text = "Ch" } == [prompted, named])
        #expect(try await ids(index) { $0.text = "c%t" } == [])
        #expect(try await ids(index) { $0.text = "\"" } == [])
        #expect(
            try await ids(index) {
                $0.text = "checkout"
                $0.words = [.prompt: "fix-the-CHECKOUT"]
            } == [prompted])
        await index.stop()
    }

    @Test func findsTextInMoreNamesThanAreLookedUpOneByOne() async throws {
        let journal = try JournalFixture()
        var expected: [String] = []
        for number in 0..<150 { expected.append(journal.open(prompt: nil, name: "web-\(number)").description) }
        for number in 0..<20 { expected.append(journal.open(prompt: "web-task-\(number)").description) }
        for _ in 0..<900 { journal.open(prompt: nil, name: "cart") }
        let index = try await index(journal)
        for limit in [7, 170] {
            #expect(try await ids(index, limit: limit) { $0.text = "WEB-" } == expected.reversed(), "\(limit)")
        }
        #expect(
            try await ids(index) {
                $0.text = "web-"
                $0.words = [.prompt: "web-task-3"]
            } == [expected[153]])
        await index.stop()
    }

    @Test func pagesHoldEveryExchangeOnceAndInOrder() async throws {
        let journal = try JournalFixture()
        var expected: [String] = []
        // Several at the same moment, and a clock that steps back.
        for number in 0..<60 {
            expected.append(journal.open(name: "n-\(number)", advance: number % 3 == 0).description)
        }
        let index = try await index(journal)
        for limit in [1, 7, 60, 61] {
            #expect(try await ids(index, limit: limit) { _ in } == expected.reversed(), "\(limit)")
            #expect(try await ids(index, limit: limit) { $0.text = "n-" } == expected.reversed(), "\(limit)")
            #expect(try await ids(index, limit: limit) { $0.words = [.verb: "get"] } == expected.reversed())
        }
        let since = Timestamp(seconds: 1_780_000_005)
        #expect(try await ids(index) { $0.since = since }.count == 60 - 12)
        #expect(try await ids(index) { $0.until = since }.count == 12)
        await index.stop()
    }

    @Test func aCursorIsGoodForItsOwnQuestionOnly() async throws {
        let journal = try JournalFixture()
        for _ in 0..<3 { journal.open() }
        let index = try await index(journal)
        let page = try await index.exchanges(ExchangeFilter(), after: nil, limit: 1)
        let cursor = try #require(page.next.flatMap { PageCursor($0.text) })
        #expect(try await index.exchanges(ExchangeFilter(), after: cursor, limit: 1).elements.count == 1)
        var other = ExchangeFilter()
        other.words = [.verb: "get"]
        await #expect(throws: QuestionFault.foreignCursor) {
            try await index.exchanges(other, after: cursor, limit: 1)
        }
        await #expect(throws: QuestionFault.foreignCursor) {
            try await index.sessions(SessionFilter(), after: cursor, limit: 1)
        }
        for text in ["", "x", "AQ", cursor.text + "A", String(repeating: "A", count: 40)] {
            #expect(PageCursor(text) == nil || PageCursor(text)?.text != cursor.text)
        }
        await index.stop()
    }

    @Test func sessionsAreSortedByTheirLatestExchangeAndCountTheirEnds() async throws {
        let journal = try JournalFixture()
        journal.close(journal.open(session: "s-1", model: "m-1", invocation: "i-1"), outcome: "complete")
        journal.close(journal.open(session: "s-2", model: "m-2", effect: "deny"), outcome: "failed")
        journal.close(journal.open(session: "s-2", model: "m-3", cluster: "other"), outcome: "failed")
        let late = journal.open(session: "s-1")
        let index = try await index(journal)
        func sessions(_ words: [Facet: String] = [:]) async throws -> [JSON] {
            var filter = SessionFilter()
            filter.words = words
            return try await index.sessions(filter, after: nil, limit: 10).elements
        }
        let all = try await sessions()
        #expect(all.map { $0["session"] } == ["s-1", "s-2"])
        #expect(all[1]["denied"] == 1 && all[1]["failed"] == 1 && all[1]["exchanges"] == 2)
        #expect(all[1]["clusters"] == ["other", "test"])
        #expect(all[1]["byline"]?["gen_ai.request.model"]?["value"] == "m-2")
        #expect(try await sessions([.model: "m-3"]).map { $0["session"] } == ["s-2"])
        #expect(try await sessions([.model: "m-3", .cluster: "test"]).map { $0["session"] } == ["s-2"])
        #expect(try await sessions([.identity: "alice"]).count == 2)
        #expect(try await sessions([.agent: "nobody"]).isEmpty)
        // The end of an exchange comes in a later batch.
        journal.close(late, outcome: "unknown")
        try journal.save()
        await index.catchUp()
        #expect(try await sessions([.model: "m-1"]).first?["unknown"] == 1)
        #expect(try await ids(index) { $0.words = [.outcome: "unknown"] } == [late.description])
        #expect(try await ids(index) { $0.words = [.outcome: "open"] } == [])
        await index.stop()
    }

    @Test func aSessionsExchangesComeInTheirOrderPageByPage() async throws {
        let journal = try JournalFixture()
        let expected = (0..<5).map { _ in journal.open().description }
        journal.open(session: "s-2")
        let index = try await index(journal)
        let id = try #require(SessionID("s-1"))
        var found: [String] = []
        var cursor: PageCursor?
        repeat {
            let page = try #require(try await index.session(id, after: cursor, limit: 2)).exchanges
            found += page.elements.compactMap { $0["open"]?["exchange"]?.string }
            cursor = page.next
        } while cursor != nil
        #expect(found == expected)
        #expect(try await index.session(try #require(SessionID("s-3")), after: nil, limit: 2) == nil)
        await index.stop()
    }

    @Test func goesOnWhereItStoppedAndThroughSegments() async throws {
        let journal = try JournalFixture()
        let first = journal.open()
        var index = try await index(journal)
        await index.stop()
        try journal.rotate()
        journal.close(first)
        journal.open()
        index = try await self.index(journal)
        #expect(try await ids(index) { _ in }.count == 2)
        #expect(try await index.exchange(first)?["close"]?["outcome"] == "complete")
        await index.stop()
    }

    @Test func isMadeAnewWhereTheJournalsTailWasLost() async throws {
        let journal = try JournalFixture()
        let kept = journal.open()
        let length = journal.length
        let lost = journal.open()
        var index = try await index(journal)
        await index.stop()
        try journal.cut(to: length)
        let other = journal.open(session: "s-2")
        #expect(other != lost)
        index = try await self.index(journal)
        #expect(try await ids(index) { _ in } == [other.description, kept.description])
        await index.stop()
    }

    @Test func goesOnWhereTheLastThatWasReadIsAPartOfALongBody() async throws {
        let journal = try JournalFixture()
        let id = journal.open()
        journal.chunk(id, .response, offset: 0, [UInt8](repeating: 0x61, count: 60_000))
        journal.chunk(id, .response, offset: 60_000, [UInt8](repeating: 0x62, count: 60_000))
        let file = "\(journal.index)/record.sqlite"
        func number() throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int
        }
        var index = try await index(journal)
        await index.stop()
        let before = try #require(try number())
        journal.close(id)
        index = try await self.index(journal)
        #expect(try number() == before)
        #expect(try await index.exchange(id)?["close"] != nil)
        await index.stop()
    }

    @Test func isMadeAnewWhereItsFileIsDamaged() async throws {
        let journal = try JournalFixture()
        let id = journal.open()
        let index = try await index(journal)
        await index.stop()
        try PrivateFile.replaceAtomically(
            "\(journal.index)/record.sqlite", with: [UInt8](repeating: 0x41, count: 9_000))
        #expect(try RecordIndex.rebuild(folder: journal.index, journal: journal.journal) == 1)
        try PrivateFile.replaceAtomically(
            "\(journal.index)/record.sqlite", with: [UInt8](repeating: 0x41, count: 9_000))
        let again = try await self.index(journal)
        #expect(try await again.exchange(id) != nil)
        let mode = try FileManager.default.attributesOfItem(atPath: "\(journal.index)/record.sqlite")[.posixPermissions]
        #expect(mode as? Int == 0o600)
        await again.stop()
    }

    @Test func anOpeningThatTheJournalRepeatsIsOneExchange() async throws {
        let journal = try JournalFixture()
        let before = journal.length
        let id = journal.open()
        let after = journal.length
        var index = try await index(journal)
        await index.stop()
        // After a failed sync the same frame stands again in the next segment.
        try journal.rotate()
        journal.frame(.open, try journal.payload(of: 1, from: before, to: after))
        index = try await self.index(journal)
        #expect(try await ids(index) { _ in } == [id.description])
        await index.stop()
    }

    @Test func readsBytesAndRangesOfThemPieceByPiece() async throws {
        let journal = try JournalFixture()
        let id = journal.open()
        journal.chunk(id, .request, offset: 0, Array("question".utf8))
        journal.chunk(id, .response, offset: 0, Array("hello ".utf8))
        try journal.rotate()
        journal.chunk(id, .response, offset: 6, Array("wide ".utf8))
        journal.chunk(id, .response, offset: 11, Array("world".utf8))
        let index = try await index(journal)
        #expect(try await index.length(of: id, .response) == 16)
        func text(_ range: Range<Int64>) async throws -> String {
            let content = index.content(of: id, .response, range: range)
            var bytes: [UInt8] = []
            while let piece = try await content.next() { bytes += piece }
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(try await text(0..<16) == "hello wide world")
        #expect(try await text(4..<12) == "o wide w")
        #expect(try await text(6..<7) == "w")
        #expect(try await text(15..<16) == "d")
        #expect(try await text(3..<3) == "")
        let chunks = index.chunks(of: id, ChunkSelection())
        var lines: [JSON] = []
        while let chunk = try await chunks.next() { lines.append(chunk.json) }
        #expect(lines.map { $0["direction"] } == ["request", "response", "response", "response"])
        #expect(lines.map { $0["offset"] } == [0, 0, 6, 11])
        await index.stop()
    }

    @Test func aWatchTellsWhatWasAndThenWhatComesAndGoesOnBehindAnEvent() async throws {
        let journal = try JournalFixture()
        let first = journal.open()
        journal.open(session: "s-2")
        let index = try await index(journal)
        let id = try #require(SessionID("s-1"))
        let watch = try #require(try await index.watch(id, after: nil))
        let begun = try await watch.next(patience: .seconds(5))
        #expect(begun.map(\.name) == ["open"])
        #expect(try await watch.next(patience: .milliseconds(10)).isEmpty)
        journal.close(first)
        let second = journal.open()
        try journal.save()
        async let waiting = watch.next(patience: .seconds(20))
        await index.catchUp()
        #expect(try await waiting.map(\.name) == ["close", "open"])
        let later = try #require(try await index.watch(id, after: begun.last?.id))
        let missed = try await later.next(patience: .zero)
        #expect(missed.map(\.name) == ["close", "open"])
        #expect(missed.last?.json["exchange"]?.string == second.description)
        #expect(try await index.watch(try #require(SessionID("s-9")), after: nil) == nil)
        for text in ["", "1", "1-", "-1", "1-x", "99999999-0", "1-99999999999999"] {
            await #expect(throws: QuestionFault.foreignEvent, "\(text)") { try await index.watch(id, after: text) }
        }
        await index.stop()
    }
}

extension JournalFixture {
    /// The payload of the frame that stands between two offsets of a segment.
    func payload(of segment: UInt64, from start: Int, to end: Int) throws -> [UInt8] {
        Array(try PrivateFile.readShared(path(segment))[(start + JournalFormat.frameOverhead)..<end])
    }
}
