import KubernetesWire
import NIOHTTP1
import RecordIndex

/// Why a question to the record has no answer, and what the caller is told.
enum RecordRefusal: Error {
    case noSession(String)
    case noExchange(String)
    /// A query field that the page does not have.
    case unknownField(String, known: [String])
    /// A query field's value that cannot be read.
    case badValue(String, expected: String)
    case badQuery
    case question(QuestionFault)

    var response: ControlResponse {
        switch self {
        case .noSession(let id):
            .status(
                Status(
                    .notFound,
                    "byline: no session \"\(id.prefix(64))\" is recorded here; list them with: byline sessions"))
        case .noExchange(let id):
            .status(
                Status(
                    .notFound,
                    "byline: no exchange \"\(id.prefix(64))\" is recorded here; find them with: byline exchanges"))
        case .unknownField(let name, let known):
            bad(
                "the query's field \"\(name.prefix(64))\" is not known here; "
                    + (known.isEmpty ? "this page has none" : "there are: \(known.sorted().joined(separator: ", "))"))
        case .badValue(let name, let expected): bad("the query's \(name) must be \(expected)")
        case .badQuery: bad("the query cannot be decoded; percent-encode it")
        case .question(.foreignCursor):
            bad("the cursor is not one of this question; send it with the same filters as the page that gave it")
        case .question(.foreignEvent): bad("Last-Event-ID is none of this watch; leave it out to begin at the start")
        }
    }

    private func bad(_ what: String) -> ControlResponse { .status(Status(.badRequest, "byline: \(what)")) }
}
