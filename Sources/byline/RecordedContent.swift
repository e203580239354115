import Client
import Replay
import Vocabulary

/// What passed in an exchange, read from the gateway and made readable: bodies, or the channels of an upgraded connection.
struct RecordedContent {
    private static let shownLimit = 1 << 20

    let exchange: RecordedExchange
    let record: RecordClient

    init(_ exchange: RecordedExchange, _ record: RecordClient) {
        self.exchange = exchange
        self.record = record
    }

    func text(_ style: TextStyle) async throws(ClientFault) -> String {
        if exchange.isUpgraded || exchange.isWatch { return try await transcript().text(style) }
        var text = ""
        for (direction, sign) in [("request", ">"), ("response", "<")] {
            let (bytes, more) = try await record.body(of: exchange.id, direction).first(Self.shownLimit)
            for line in BodyText.render(bytes).split(separator: "\n") { text += "  \(sign) \(line)\n" }
            if more > 0 {
                text += "  \(sign) … \(more) more bytes: byline show \(exchange.id) --\(direction)\n"
            }
        }
        return text
    }

    func transcript() async throws(ClientFault) -> StreamTranscript {
        let body = try await record.stream(of: exchange.id)
        var chunks = StreamedChunks()
        var transcript = StreamTranscript(isTerminal: exchange.hasTerminal)
        while let piece = try await body.next() {
            for chunk in chunks.take(piece) { transcript.take(chunk) }
        }
        return transcript
    }
}

/// One exchange for `byline show`: what the record says of it, and what passed.
struct ShownExchange {
    private let json: JSON
    private let exchange: RecordedExchange
    private let content: RecordedContent

    init(_ json: JSON, _ exchange: RecordedExchange, _ record: RecordClient) {
        self.json = json
        self.exchange = exchange
        content = RecordedContent(exchange, record)
    }

    func print(_ format: OutputFormat, _ style: TextStyle) async throws {
        if format == .table {
            Standard.output(ExchangePage(exchange).text(style))
            let text = try await content.text(style)
            if !text.isEmpty { Standard.output("\n" + text) }
            return
        }
        var members = json.members ?? []
        if exchange.isUpgraded {
            let archives = try await content.transcript().archives
            if !archives.isEmpty { members.append(JSON.Member("archives", .array(archives))) }
        }
        format.print(.object(members), "")
    }
}
