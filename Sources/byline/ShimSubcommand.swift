import ArgumentParser
import Client
import CurlTransport

/// `byline shim`.
struct ShimSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shim",
        abstract: "tag the requests of programs that are started elsewhere: editors, MCP servers, CI jobs",
        discussion: """
            Listens on 127.0.0.1 and writes a kubeconfig for others to use, with a context for each cluster of the gateway. \
            Who writes is read at each request, of the process that sends it, as byline context shows it. Runs until it is \
            stopped; systemd can start it at the first request (see plugins/systemd).

              byline shim --kubeconfig ~/.kube/byline &
              KUBECONFIG=~/.kube/byline kubectl get pods
            """)

    @OptionGroup var at: GatewayOption

    @Option(
        help: ArgumentHelp(
            "the cluster of the current context (default: $BYLINE_CLUSTER, else the first)", valueName: "name"),
        completion: .clusters)
    var cluster: String?

    @Option(help: ArgumentHelp("the kubeconfig to write (default: one in the state folder)", valueName: "file"))
    var kubeconfig: String?

    @Option(
        help: ArgumentHelp(
            "the port of 127.0.0.1; a kubeconfig for it stays good when the shim is started again (default: any free one)",
            valueName: "port"))
    var port: Int?

    @OptionGroup(title: "Byline options") var who: BylineOptionGroup
    @OptionGroup(title: "Byline options") var prompt: PromptOption

    func validate() throws {
        if let port, !(1...65_535).contains(port) {
            throw ValidationError("\(port) is no port: it lies between 1 and 65535")
        }
    }

    func run() async throws {
        let command = ShimCommand(
            cluster: cluster, gateway: at.gateway, byline: who.options(prompt), kubeconfig: kubeconfig, port: port ?? 0)
        try await command.run(.current(), CurlEngine()) { kubeconfig, address in
            Standard.output("KUBECONFIG=\(kubeconfig)\n")
            Standard.error("byline shim: listening on \(address)\n")
        }
    }
}
