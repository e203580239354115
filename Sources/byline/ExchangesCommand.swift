import ArgumentParser
import Client
import CurlTransport
import Replay
import Vocabulary

/// `byline exchanges`.
struct ExchangesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exchanges", abstract: "search the recorded exchanges, the latest first",
        discussion: """
            byline exchanges --since 2h --verb delete                  what was deleted in the last two hours
            byline exchanges --resource deployments -n shop --name web who touched that deployment
            byline exchanges --model claude-opus-4 --decision deny     what a model was refused
            byline exchanges --text web-7                              a part of an object's name or of a prompt's id
            """)

    @OptionGroup var filters: RecordFilters

    @Option(help: ArgumentHelp("of this session", valueName: "id"))
    var session: String?

    @Option(help: ArgumentHelp("with this verb of Kubernetes, as create or delete", valueName: "verb"))
    var verb: String?

    @Option(
        help: ArgumentHelp(
            "of this resource: deployments, deployments.apps, pods/exec; in any group and with its subresources unless named",
            valueName: "resource"))
    var resource: String?

    @Option(name: [.long, .customShort("n")], help: ArgumentHelp("in this namespace", valueName: "name"))
    var namespace: String?

    @Option(help: ArgumentHelp("of the object of this name", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "that ended so: complete, clientClosed, upstreamClosed, failed, unknown, or open", valueName: "outcome"))
    var outcome: String?

    @Option(help: ArgumentHelp("of which policy said so: allow, deny", valueName: "decision"))
    var decision: String?

    @Option(help: ArgumentHelp("with this in the object's name or the prompt's id", valueName: "text"))
    var text: String?

    @OptionGroup var at: GatewayOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let environment = Environment.current()
        let record = try await RecordClient(environment, CurlEngine(), gateway: at.gateway)
        let own = [
            ("session", session), ("verb", verb), ("resource", resource), ("namespace", namespace), ("name", name),
            ("outcome", outcome), ("decision", decision), ("text", text),
        ].compactMap { name, value in value.map { (name, $0) } }
        let json = try await record.search("exchanges", filters.fields + own, limit: filters.limit)
        let exchanges = (json["exchanges"]?.array ?? []).compactMap(RecordedExchange.init)
        format.output.print(json, ExchangeListing(exchanges).text(.forOutput(environment)))
        filters.mention(json["next"], format.output)
    }
}
