import Vocabulary

/// How an exchange ended, in a word or two, and how that should strike the reader.
struct ExchangeResult {
    private enum Tone {
        case good, doubtful, bad
    }

    let text: String
    private let tone: Tone

    init(_ exchange: RecordedExchange) {
        let status = exchange.status.map { "\($0) " } ?? ""
        guard let outcome = exchange.outcome else {
            text = "open"
            tone = .doubtful
            return
        }
        switch outcome {
        case .unknown:
            text = "unknown"
            tone = .doubtful
        case .complete:
            text = String(status.dropLast())
            tone = (exchange.status ?? 0) < 400 ? .good : .bad
        case .failed:
            text = status + (exchange.isDenied ? "denied" : "failed")
            tone = .bad
        case .clientClosed:
            text = status + "client closed"
            tone = .good
        case .upstreamClosed:
            text = status + "cluster closed"
            tone = .doubtful
        }
    }

    func dress(_ style: TextStyle) -> (String) -> String {
        switch tone {
        case .good: style.good
        case .doubtful: style.doubtful
        case .bad: style.bad
        }
    }
}
