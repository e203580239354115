import ArgumentParser
import Client

/// `byline kubectl`, which is also `kubectl byline kubectl`.
struct KubectlSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kubectl", abstract: "run kubectl, tagged and recorded, with every manifest annotated",
        discussion: """
            Takes kubectl's whole command line. What apply, create, diff and replace are given with -f or -k is annotated on \
            its way with who writes it: byline.dev/model, byline.dev/prompt-id, byline.dev/session-id, byline.dev/agent. \
            Byline's own options stand first.

              byline kubectl --model claude-opus-4 --prompt-id p-1 apply -f app.yaml
              byline kubectl get pods --watch

            Installed under the name kubectl, ahead of the real one in PATH, it takes who writes from the environment. The real \
            one is the next in PATH, or BYLINE_KUBECTL.
            """)

    @OptionGroup var at: GatewayOption

    @Option(
        help: ArgumentHelp(
            "the cluster to begin with (default: $BYLINE_CLUSTER, else the gateway's only one)", valueName: "name"),
        completion: .clusters)
    var cluster: String?

    @OptionGroup(title: "Byline options") var who: BylineOptionGroup
    @OptionGroup(title: "Byline options") var prompt: PromptOption

    @OptionGroup var annotations: AnnotationOptions

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("kubectl's command line", valueName: "arg"))
    var arguments: [String] = []

    func run() async throws {
        let environment = Environment.current()
        var command = try KubectlCommand(arguments, environment, keeping: .now())
        command.options = who.options(prompt)
        command.cluster = cluster
        command.gateway = at.gateway
        if let annotate = annotations.annotate { command.annotates = annotate }
        if let prefix = annotations.annotationPrefix { command.prefix = prefix }
        throw ExitCode(try await command.run(environment))
    }

    /// True where this program was started under the name kubectl.
    static var isCalledKubectl: Bool {
        CommandLine.arguments.first?.split(separator: "/").last == "kubectl"
    }

    /// kubectl's command line and nothing else.
    static func runAsKubectl() async throws {
        let environment = Environment.current()
        let command = try KubectlCommand(Array(CommandLine.arguments.dropFirst()), environment, keeping: .now())
        throw ExitCode(try await command.run(environment))
    }
}

/// How objects are annotated.
struct AnnotationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("auto or off (default: $BYLINE_ANNOTATE, else auto)", valueName: "mode"),
        transform: { text in
            guard let mode = AnnotationMode(rawValue: text) else { throw ValidationError("it is auto or off") }
            return mode
        })
    var annotate: AnnotationMode?

    @Option(
        help: ArgumentHelp(
            "the DNS prefix of the annotations (default: $BYLINE_ANNOTATION_PREFIX, else byline.dev)",
            valueName: "prefix"))
    var annotationPrefix: String?
}
