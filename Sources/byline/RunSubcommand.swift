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
            "the cluster to begin with (default: $BYLINE_CLUSTER, else the gateway's only one)", valueName: "name"))
    var cluster: String?

    @Option(help: ArgumentHelp("the model that writes (default: $BYLINE_MODEL)", valueName: "model"))
    var model: String?

    @Option(help: ArgumentHelp("who serves the model (default: $BYLINE_PROVIDER)", valueName: "name"))
    var provider: String?

    @Option(help: ArgumentHelp("the prompt's id (default: $BYLINE_PROMPT_ID)", valueName: "id"))
    var promptId: String?

    @Option(help: ArgumentHelp("a file with the prompt; only its SHA-256 is sent", valueName: "file"))
    var promptFile: String?

    @Option(
        help: ArgumentHelp(
            "the conversation; runs that share it are one session (default: $BYLINE_CONVERSATION)", valueName: "id"))
    var conversation: String?

    @Option(help: ArgumentHelp("the agent's name (default: $BYLINE_AGENT)", valueName: "name"))
    var agent: String?

    @Option(help: ArgumentHelp("the tool call (default: $BYLINE_TOOL_CALL)", valueName: "id"))
    var toolCall: String?

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
        let values: [(Byline.Field, String?)] = [
            (.model, model), (.provider, provider), (.promptID, promptId), (.conversation, conversation),
            (.agentName, agent), (.toolCall, toolCall),
        ]
        var fields: [Byline.Field: String] = [:]
        for (field, value) in values { fields[field] = value }
        let byline = try BylineOptions(fields: fields, promptFile: promptFile).resolve(environment)
        let code = try await RunCommand(
            command: command, cluster: cluster, gateway: at.gateway, byline: byline, descriptors: descriptors
        )
        .run(environment, CurlEngine())
        throw ExitCode(code)
    }
}
