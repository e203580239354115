import Vocabulary

/// `byline exchanges` for a person: one line an exchange, the latest first.
public struct ExchangeListing {
    private let exchanges: [RecordedExchange]

    public init(_ exchanges: [RecordedExchange]) { self.exchanges = exchanges }

    public func text(_ style: TextStyle) -> String {
        guard !exchanges.isEmpty else { return "no exchange is recorded of which all that holds\n" }
        var table = TextTable()
        table.add(
            ["TIME", "WHO", "MODEL", "PROMPT", "CLUSTER", "VERB", "RESOURCE", "OBJECT", "STATUS", "EXCHANGE"].map {
                TextTable.Cell(text: $0, dress: style.bold)
            })
        for exchange in exchanges {
            let result = ExchangeResult(exchange)
            table.add([
                .init(text: exchange.time?.rfc3339(fractionDigits: 3) ?? "-"),
                .init(text: TerminalText.safe(exchange.open["identity"]?["username"]?.string ?? "-")),
                .init(text: exchange.byline.text(.model)), .init(text: exchange.byline.text(.promptID)),
                .init(text: TerminalText.safe(exchange.cluster)), .init(text: TerminalText.safe(exchange.verb)),
                .init(text: TerminalText.safe(exchange.resource)), .init(text: TerminalText.safe(exchange.object)),
                .init(text: result.text, dress: result.dress(style)),
                .init(text: TerminalText.safe(exchange.id), dress: style.faint),
            ])
        }
        return table.text()
    }
}
