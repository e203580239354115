import ArgumentParser
import Client
import LocalState
import Vocabulary

/// What both sessions and exchanges are searched by.
struct RecordFilters: ParsableArguments {
    @Option(help: ArgumentHelp("of this caller", valueName: "username"))
    var identity: String?

    @Option(help: ArgumentHelp("of this model", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("of this agent", valueName: "name"))
    var agent: String?

    @Option(help: ArgumentHelp("of this prompt", valueName: "id"))
    var promptID: String?

    @Option(help: ArgumentHelp("at this cluster", valueName: "name"))
    var cluster: String?

    @Option(
        help: ArgumentHelp("begun then or later: RFC 3339 in UTC, or how long ago: 90s, 30m, 2h, 7d", valueName: "time")
    )
    var since: RecordTime?

    @Option(help: ArgumentHelp("begun before that", valueName: "time"))
    var until: RecordTime?

    @Option(help: ArgumentHelp("how many, at most", valueName: "n"))
    var limit = 50

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more") }
    }

    /// The API's query fields.
    var fields: [(String, String)] {
        [
            ("identity", identity), ("model", model), ("agent", agent), ("prompt", promptID), ("cluster", cluster),
            ("since", since?.time.description), ("until", until?.time.description),
        ].compactMap { name, value in value.map { (name, $0) } }
    }

    /// Says on standard error, for a person, that the list goes on.
    func mention(_ more: JSON?, _ format: OutputFormat) {
        if more != nil, format == .table { Standard.error("there are more; raise --limit \(limit)\n") }
    }
}

/// A moment as it is given on the command line.
struct RecordTime: ExpressibleByArgument {
    let time: Timestamp

    init?(argument: String) {
        if let time = Timestamp(rfc3339: argument) {
            self.time = time
            return
        }
        let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = argument.last.flatMap({ seconds[$0] }), let count = Int64(argument.dropLast()), count >= 0,
            case let (product, overflow) = count.multipliedReportingOverflow(by: unit), !overflow, product < 1 << 32
        else { return nil }
        time = Timestamp.now().advanced(bySeconds: -product)
    }
}
