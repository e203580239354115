import ArgumentParser
import Client
import CurlTransport
import Replay
import Vocabulary

/// `byline sessions`.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "list the recorded sessions, the latest first")

    @OptionGroup var filters: RecordFilters
    @OptionGroup var at: GatewayOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let environment = Environment.current()
        let record = try await RecordClient(environment, CurlEngine(), gateway: at.gateway)
        let json = try await record.search("sessions", filters.fields, limit: filters.limit)
        let sessions = (json["sessions"]?.array ?? []).compactMap(RecordedSession.init)
        format.output.print(json, SessionListing(sessions).text(.forOutput(environment)))
        filters.mention(json["next"], format.output)
    }
}

/// `byline show`.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "show a session, or one exchange with its bodies",
        discussion: """
            byline show SESSION               who, which model, which prompt, and the exchanges
            byline show EXCHANGE              everything recorded of one request
            byline show EXCHANGE --request    the request's body as it was recorded, byte for byte
            byline show EXCHANGE --response   the response's
            byline show EXCHANGE --channel stdout
                                              what passed through one channel of an exec, attach or port-forward,
                                              byte for byte (with --request or --response: what that side sent)
            byline show EXCHANGE --response --unseal --identity auditor.key
                                              the body with what was masked in its place; with --channel, what
                                              passed through that channel
            """)

    @Argument(help: ArgumentHelp("a session's or an exchange's id", valueName: "id"), completion: .sessions)
    var id: String

    @Flag(help: "write the request's body, and nothing else")
    var request = false

    @Flag(help: "write the response's body, and nothing else")
    var response = false

    @Option(help: ArgumentHelp("write what passed through a channel, and nothing else", valueName: "name"))
    var channel: String?

    @Flag(help: "put back what was masked; reading the seal is recorded")
    var unseal = false

    @Option(help: ArgumentHelp("the auditor's key, as byline-gateway keys generate auditor made it", valueName: "file"))
    var identity: String?

    @OptionGroup var at: GatewayOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let environment = Environment.current()
        let record = try await RecordClient(environment, CurlEngine(), gateway: at.gateway)
        if unseal, let identity {
            let unsealed = try await UnsealedBody(id, identity: identity, record)
                .bytes(isRequest: isOfRequest, channel: channel)
            Standard.output(unsealed.bytes)
            if !unsealed.isCounted {
                Standard.error(
                    "byline: exchange \(id): its end is not recorded, so nothing says whether the seal is whole\n")
            }
            return
        }
        if request || response || channel != nil { return try await writeBytes(record) }
        if let json = try await record.exchange(id), let exchange = RecordedExchange(json) {
            return try await ShownExchange(json, exchange, record).print(format.output, .forOutput(environment))
        }
        guard let json = try await record.session(id), let replay = SessionReplay(json) else {
            throw ClientFault.unknownRecord(id)
        }
        let style = TextStyle.forOutput(environment)
        format.output.print(json, replay.heading(style) + "\n" + replay.listing(style))
    }

    func validate() throws {
        if unseal != (identity != nil) { throw ValidationError("--unseal and --identity FILE go together") }
        if request, response { throw ValidationError("--request and --response exclude each other") }
    }

    /// True where what the caller sent is asked for: of a channel that only one side fills, that side's.
    private var isOfRequest: Bool { request || (!response && ["stdin", "resize"].contains(channel)) }

    /// Writes recorded bytes as they are.
    private func writeBytes(_ record: RecordClient) async throws {
        guard try await record.exchange(id) != nil else { throw ClientFault.unknownRecord(id) }
        let body = try await record.body(of: id, isOfRequest ? "request" : "response", channel: channel)
        while let piece = try await body.next() { Standard.output(piece) }
    }
}

/// `byline replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "replay a session: every exchange in its order",
        discussion: """
            byline replay SESSION             who, which model, which prompt, and every exchange
            byline replay SESSION --bodies    with what was sent and what came back, pretty-printed
            """)

    @Argument(
        help: ArgumentHelp("a session's id; byline sessions lists them", valueName: "session"), completion: .sessions)
    var id: String

    @Flag(help: "print what was sent and what came back")
    var bodies = false

    @Flag(help: "give each request of API discovery a line of its own")
    var all = false

    @OptionGroup var at: GatewayOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let environment = Environment.current()
        let record = try await RecordClient(environment, CurlEngine(), gateway: at.gateway)
        guard let json = try await record.session(id), let replay = SessionReplay(json) else {
            throw ClientFault.unknownRecord(id)
        }
        let style = TextStyle.forOutput(environment)
        guard bodies, format.output == .table else {
            return format.output.print(json, replay.heading(style) + "\n" + replay.listing(style, all: all))
        }
        Standard.output(replay.heading(style))
        for exchange in replay.exchanges where all || !exchange.isDiscovery {
            Standard.output("\n" + replay.line(exchange, style))
            Standard.output(try await RecordedContent(exchange, record).text(style))
        }
    }
}
