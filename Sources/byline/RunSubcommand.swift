import ArgumentParser
import Client
import CurlTransport
import Vocabulary

/// `byline run`.
struct RunSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "run a command whose requests to Kubernetes are tagged and recorded",
        discussion: """
            The command gets a kubeconfig of its own in KUBECONFIG, which leads through this program to the gateway. Its exit \
            code is the command's.

              byline run --model claude-opus-4 --prompt-id p-1 -- kubectl delete pod web-0
              byline run --model gpt-5 --conversation c-42 -- ./agent.sh

            Each run is a session of its own, unless runs share a --conversation.
            """)

    @OptionGroup var at: GatewayOption

    @Option(
        help: ArgumentHelp(
            "the cluster to begin with (default: $BYLINE_CLUSTER, else the gateway's only one)", valueName: "name"),
        completion: .clusters)
    var cluster: String?

    @OptionGroup(title: "Byline options") var who: BylineOptionGroup
    @OptionGroup(title: "Byline options") var prompt: PromptOption

    @Argument(
        parsing: .postTerminator, help: ArgumentHelp("the command and its arguments, behind --", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        if command.isEmpty {
            throw ValidationError("no command: write it behind --, as in: byline run --model M -- kubectl get pods")
        }
    }

    func run() async throws {
        let descriptors = OpenDescriptors.now()
        let environment = Environment.current()
        let code = try await RunCommand(
            command: command, cluster: cluster, gateway: at.gateway, byline: who.options(prompt),
            descriptors: descriptors
        )
        .run(environment, CurlEngine())
        throw ExitCode(code)
    }
}
