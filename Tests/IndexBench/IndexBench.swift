import CCRC32C
import Foundation
import RecordIndex
import Vocabulary

/// Measures the record's index: how fast it follows a journal, how large it is, and how long the first page of each
/// question takes, its frames read from the journal included. Not shipped.
///
///     index-bench COUNT FOLDER      makes FOLDER/journal of COUNT exchanges and FOLDER/index, where they are not there
@main struct IndexBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[1]), count > 0, byline_crc32c_is_available() else {
            print("usage: index-bench COUNT FOLDER, on a processor with an instruction for CRC-32C")
            exit(2)
        }
        let (journal, folder) = ("\(arguments[2])/journal", "\(arguments[2])/index")
        if !FileManager.default.fileExists(atPath: journal) {
            try FileManager.default.createDirectory(atPath: journal, withIntermediateDirectories: true)
            var population = JournalPopulation(count: count)
            try population.write(to: journal)
        }
        if !FileManager.default.fileExists(atPath: folder) {
            let began = ContinuousClock.now
            let indexed = try RecordIndex.rebuild(folder: folder, journal: journal)
            let seconds = Self.seconds(ContinuousClock.now - began)
            print("index: \(indexed) exchanges in \(Int(seconds)) s, \(Int(Double(indexed) / seconds)) a second")
        }
        let bytes = size(of: folder)
        print("index: \(bytes >> 20) MiB, \(bytes / count) bytes an exchange; journal: \(size(of: journal) >> 20) MiB")
        try await ask(RecordIndex(folder: folder, journal: journal), count)
    }

    private static func ask(_ index: RecordIndex, _ count: Int) async throws {
        print(pad("first page of 50", 44) + "first ms  median ms  exchanges")
        for (name, filter) in questions(count) {
            try await measure(name) { try await index.exchanges(filter, after: nil, limit: 50).elements.count }
        }
        try await measure("sessions") {
            try await index.sessions(SessionFilter(), after: nil, limit: 50).elements.count
        }
        for (name, words): (String, [Facet: String]) in [
            ("sessions of a model", [.model: "model-3"]), ("sessions of a prompt", [.prompt: "prompt-\(count / 16)"]),
            ("sessions of a person at a cluster", [.identity: "person-7", .cluster: "cluster-2"]),
        ] {
            var filter = SessionFilter()
            filter.words = words
            let asked = filter
            try await measure(name) { try await index.sessions(asked, after: nil, limit: 50).elements.count }
        }
        if let session = SessionID("session-\(count / 80)") {
            try await measure("a session's exchanges") {
                try await index.session(session, after: nil, limit: 50)?.exchanges.elements.count ?? 0
            }
        }
        await index.stop()
    }

    private static func questions(_ count: Int) -> [(String, ExchangeFilter)] {
        func words(_ words: [Facet: String]) -> ExchangeFilter {
            var filter = ExchangeFilter()
            filter.words = words
            return filter
        }
        var day = ExchangeFilter()
        day.since = JournalPopulation.start.advanced(bySeconds: JournalPopulation.year / 2)
        day.until = day.since?.advanced(bySeconds: 86_400)
        var dayOfPerson = day
        dayOfPerson.words = [.identity: "person-7"]
        func named(_ name: String, _ namespace: String?) -> ExchangeFilter {
            var filter = ExchangeFilter()
            filter.name = name
            filter.words[.namespace] = namespace
            return filter
        }
        func text(_ text: String) -> ExchangeFilter {
            var filter = ExchangeFilter()
            filter.text = text
            return filter
        }
        return [
            ("the latest", ExchangeFilter()), ("a day half a year ago", day), ("the same day, one person", dayOfPerson),
            ("a person (1/300)", words([.identity: "person-7"])), ("a model (1/12)", words([.model: "model-3"])),
            ("a prompt", words([.prompt: "prompt-\(count / 16)"])), ("an agent (1/8)", words([.agent: "agent-3"])),
            ("a cluster (1/5)", words([.cluster: "cluster-2"])), ("a common verb", words([.verb: "get"])),
            ("a rare verb (1/200,000)", words([.verb: "deletecollection"])),
            ("a resource (2/10)", words([.resource: "deployments"])),
            ("a namespace (1/400)", words([.namespace: "team-7"])), ("an object's name", named("web-77-7", nil)),
            ("namespace and name", named("web-77-7", "team-77")),
            ("outcome failed (1/25)", words([.outcome: "failed"])),
            ("outcome unknown (1/50,000)", words([.outcome: "unknown"])),
            ("decision deny (1/400)", words([.decision: "deny"])), ("text in few", text("prompt-\(count / 16)")),
            ("text in many", text("web-7")), ("text in all", text("web")), ("text in none", text("nowhere")),
            ("person, verb, resource", words([.identity: "person-7", .verb: "delete", .resource: "secrets"])),
            ("two that never meet", words([.identity: "person-7", .cluster: "cluster-0"])),
        ]
    }

    // MARK: measuring

    private static func measure(_ name: String, _ ask: () async throws -> Int) async throws {
        var times: [Double] = []
        var found = 0
        for _ in 0..<11 {
            let began = ContinuousClock.now
            found = try await ask()
            times.append(Self.seconds(ContinuousClock.now - began) * 1_000)
        }
        let median = times.dropFirst().sorted()[5]
        print(pad(name, 44) + padLeft(times[0], 8) + padLeft(median, 11) + "\(found)".leftPadded(11))
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func padLeft(_ value: Double, _ width: Int) -> String {
        "\(Double(Int(value * 100)) / 100)".leftPadded(width)
    }

    private static func size(of folder: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.reduce(0) { sum, name in
            let size = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int
            return sum + (size ?? 0)
        }
    }
}

extension String {
    fileprivate func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
