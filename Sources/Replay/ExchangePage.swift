import Vocabulary

/// `byline show EXCHANGE` for a person: everything the record says of one exchange, bodies apart.
public struct ExchangePage {
    private let exchange: RecordedExchange

    public init(_ exchange: RecordedExchange) { self.exchange = exchange }

    public func text(_ style: TextStyle) -> String {
        let result = ExchangeResult(exchange)
        var text = style.bold("Exchange \(TerminalText.safe(exchange.id))") + "\n"
        var table = TextTable()
        func add(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            table.add([.init(text: name, dress: style.faint), .init(text: TerminalText.safe(value))])
        }
        let open = exchange.open
        add("session", exchange.session)
        add("who", open["identity"]?["username"]?.string)
        for field in Byline.Field.allCases {
            guard let claim = exchange.byline[field] else { continue }
            add(field.rawValue, "\(claim.value)  (\(claim.trust.rawValue))")
        }
        add("cluster", exchange.cluster)
        add("request", "\(exchange.method) \(exchange.target)")
        add("means", "\(exchange.verb) \(exchange.resource) \(exchange.object)")
        for option in open["options"]?.members ?? [] {
            add(option.name, option.value.string ?? option.value.canonicalText)
        }
        add("caller says", callersWords)
        add("decision", decision)
        add(
            "from",
            [open["sourceAddress"]?.string, open["userAgent"]?.string].compactMap { $0 }.joined(separator: ", "))
        add("began", exchange.time?.description)
        add("result", result.text)
        add("failure", exchange.close?["failure"]?.string)
        add("took", exchange.duration.map(Measures.duration))
        for (direction, name) in [("request", "sent"), ("response", "received")] {
            add(name, exchange.bytes(direction).map(Measures.bytes))
        }
        if let decoded = exchange.close?["decoded"] {
            let whole = decoded["whole"]?.bool == true ? "" : ", not whole"
            add(
                decoded["encoding"]?.string ?? "decoded",
                "recorded inflated: \(Measures.bytes(decoded["bytes"]?.integer ?? 0))\(whole), sha-256 \(decoded["sha256"]?.string ?? "")"
            )
        }
        for line in StreamSummary(exchange.close)?.lines ?? [] { add(TerminalText.safe(line.name), line.value) }
        for digest in exchange.close?["digests"]?.members ?? [] { add("sha-256 \(digest.name)", digest.value.string) }
        if let omitted = exchange.close?["omitted"]?.integer, omitted > 0 {
            add("not recorded", "\(Measures.bytes(omitted)), as the masking rules ask")
        }
        for direction in ["request", "response"] { add("masked in \(direction)", masked(direction)) }
        add("originals", originals)
        if exchange.close?["complete"]?.bool == false { add("record", "incomplete") }
        text += table.text(indent: "  ")
        if let prompt = exchange.prompt { text += prompt.page(style) }
        return text
    }

    /// What kubectl tells of the command that it runs: nothing proves it.
    private var callersWords: String? {
        let headers = exchange.open["headers"]?.array ?? []
        let command = headers.first { $0.array?.first == "kubectl-command" }?.array?.last?.string
        let words = [command, exchange.open["invocation"]?.string.map { "run \($0)" }].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    /// How often each rule masked something.
    private func masked(_ direction: String) -> String? {
        exchange.close?["masked"]?[direction]?.members?.map { "\($0.name) \($0.value.integer ?? 0)" }
            .joined(separator: ", ")
    }

    /// Whether what was masked can be had again.
    private var originals: String? {
        guard let lines = exchange.close?["masked"]?["sealedLines"]?.integer else { return nil }
        return lines > 0 ? "sealed to the auditors' keys (--unseal)" : "not kept: no auditor's key was configured"
    }

    private var decision: String? {
        guard let decision = exchange.open["decision"], let effect = decision["effect"]?.string else { return nil }
        let reason = decision["reason"]?.string.map { ": \($0)" } ?? ""
        return "\(effect) by rule \(decision["rule"]?.string ?? "?")\(reason)"
    }
}
