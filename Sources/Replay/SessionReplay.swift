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
            let claims = distinctClaims(field)
            guard !claims.isEmpty else { continue }
            add(name, claims.map { "\(TerminalText.safe($0.value)) (\($0.trust.rawValue))" }.joined(separator: ", "))
        }
        add("cluster", session.clusters.map { TerminalText.safe($0) }.joined(separator: ", "))
        if let first = session.first, let last = session.last {
            let length = Measures.duration(Int(last.nanoseconds - first.nanoseconds))
            add("time", "\(first.rfc3339(fractionDigits: 3)), \(length)")
        }
        let notes = SessionNotes.text(session)
        add("exchanges", String(session.exchanges) + (notes.isEmpty ? "" : ", \(notes)"))
        text += table.text(indent: "  ")
        var told: Set<String> = []
        for prompt in exchanges.compactMap(\.prompt) where told.insert(prompt.digest).inserted {
            text += prompt.page(style)
        }
        return text
    }

    /// What the session's exchanges claim of a field, each claim once, in the order in which they came.
    private func distinctClaims(_ field: Byline.Field) -> [Byline.Claim] {
        var claims: [Byline.Claim] = []
        for claim in [session.byline[field]] + exchanges.map({ $0.byline[field] }) {
            if let claim, !claims.contains(claim) { claims.append(claim) }
        }
        return claims
    }

    /// One line an exchange; what a client asks of the API's shape by itself (discovery) is gathered into one line a run,
    /// unless `all` is wanted.
    public func listing(_ style: TextStyle, all: Bool = false) -> String {
        var table = TextTable()
        table.add(
            ["AT", "VERB", "RESOURCE", "OBJECT", "STATUS", "TOOK", "SENT", "RECEIVED", "EXCHANGE", "BYLINE"].map {
                .init(text: $0, dress: style.bold)
            })
        for group in groups(all: all) {
            guard let first = group.first else { continue }
            table.add(group.count == 1 ? row(first, style) : row(ofDiscovery: group, style))
        }
        return table.text()
    }

    /// Neighbours that belong into one line.
    private func groups(all: Bool) -> [ArraySlice<RecordedExchange>] {
        var groups: [ArraySlice<RecordedExchange>] = []
        for (index, exchange) in exchanges.enumerated() {
            if !all, exchange.isDiscovery, let last = groups.last, last.first?.isDiscovery == true {
                groups[groups.count - 1] = exchanges[last.startIndex...index]
            } else {
                groups.append(exchanges[index...index])
            }
        }
        return groups
    }

    private func row(ofDiscovery group: ArraySlice<RecordedExchange>, _ style: TextStyle) -> [TextTable.Cell] {
        let time = group.first?.time.map { Measures.offset($0.nanoseconds - (session.first?.nanoseconds ?? 0)) }
        let received = group.reduce(0) { $0 + ($1.bytes("response") ?? 0) }
        return [
            .init(text: time ?? "-", dress: style.faint), .init(text: "get", dress: style.faint),
            .init(text: "API discovery", dress: style.faint),
            .init(text: "\(group.count) requests", dress: style.faint),
            .init(text: "200", dress: style.faint), .init(text: "-"), .init(text: "-"),
            .init(text: Measures.bytes(received), dress: style.faint), .init(text: ""), .init(text: ""),
        ]
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
