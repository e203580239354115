public import Vocabulary

/// `byline replay SESSION` for a person: who and what wrote it, then every exchange in its order.
public struct SessionReplay {
    private let session: RecordedSession
    public let exchanges: [RecordedExchange]

    /// Reads what `GET /byline/v1/sessions/{id}` tells; nil where it is no session.
    public init?(_ json: JSON) {
        guard let session = json["session"].flatMap(RecordedSession.init) else { return nil }
        self.session = session
        exchanges = (json["exchanges"]?.array ?? []).compactMap(RecordedExchange.init)
    }

    /// The lines before the exchanges.
    public func heading(_ style: TextStyle) -> String {
        var text = style.bold("Session \(TerminalText.safe(session.id))") + "\n"
        var table = TextTable()
        func add(_ name: String, _ value: String) {
            table.add([.init(text: name, dress: style.faint), .init(text: value)])
        }
        let groups = session.groups.map { TerminalText.safe($0) }.joined(separator: ", ")
        add("who", TerminalText.safe(session.username) + (groups.isEmpty ? "" : "  (groups: \(groups))"))
        add("proved by", TerminalText.safe(session.issuer))
        for (name, field) in Self.shownFields {
            guard let claim = session.byline[field] else { continue }
            add(name, "\(TerminalText.safe(claim.value))  (\(claim.trust.rawValue))")
        }
        add("cluster", session.clusters.map { TerminalText.safe($0) }.joined(separator: ", "))
        if let first = session.first, let last = session.last {
            let length = Measures.duration(Int(last.nanoseconds - first.nanoseconds))
            add("time", "\(first.rfc3339(fractionDigits: 3)), \(length)")
        }
        let notes = SessionNotes.text(session)
        add("exchanges", String(session.exchanges) + (notes.isEmpty ? "" : ", \(notes)"))
        text += table.text(indent: "  ")
        return text
    }

    /// One line an exchange.
    public func listing(_ style: TextStyle) -> String {
        var table = TextTable()
        table.add(
            ["AT", "VERB", "RESOURCE", "OBJECT", "STATUS", "TOOK", "SENT", "RECEIVED", "EXCHANGE", "BYLINE"].map {
                .init(text: $0, dress: style.bold)
            })
        for exchange in exchanges { table.add(row(exchange, style)) }
        return table.text()
    }

    /// An exchange as a line of its own, for a replay that pauses between them or shows bodies.
    public func line(_ exchange: RecordedExchange, _ style: TextStyle) -> String {
        var table = TextTable()
        table.add(row(exchange, style))
        return table.text()
    }

    private func row(_ exchange: RecordedExchange, _ style: TextStyle) -> [TextTable.Cell] {
        let start = session.first?.nanoseconds ?? 0
        let result = ExchangeResult(exchange)
        return [
            .init(text: exchange.time.map { Measures.offset($0.nanoseconds - start) } ?? "-", dress: style.faint),
            .init(text: TerminalText.safe(exchange.verb)),
            .init(text: TerminalText.safe(exchange.resource)),
            .init(text: TerminalText.safe(exchange.object)),
            .init(text: result.text, dress: result.dress(style)),
            .init(text: exchange.duration.map(Measures.duration) ?? "-"),
            .init(text: exchange.bytes("request").map(Measures.bytes) ?? "-"),
            .init(text: exchange.bytes("response").map(Measures.bytes) ?? "-"),
            .init(text: TerminalText.safe(exchange.id), dress: style.faint),
            .init(text: "\(exchange.byline.text(.model)) \(exchange.byline.text(.promptID))"),
        ]
    }

    private static let shownFields: [(String, Byline.Field)] = [
        ("model", .model), ("provider", .provider), ("prompt", .promptID), ("prompt digest", .promptDigest),
        ("conversation", .conversation), ("agent", .agentName), ("tool call", .toolCall), ("pipeline", .pipelineRun),
    ]
}
