import ArgumentParser
import Client

/// `byline annotate`.
struct AnnotateSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annotate", abstract: "write into manifests who writes them",
        discussion: """
            Inserts the annotations byline.dev/model, byline.dev/prompt-id, byline.dev/session-id and byline.dev/agent, and \
            leaves every other byte as it is. No gateway is needed. What carries these annotations already is not changed.

              byline annotate --model claude-opus-4 < app.yaml | kubectl apply -f -
              byline annotate --model claude-opus-4 -R -f deploy -o deploy      changes the files where they are
              byline annotate --model claude-opus-4 -R -f deploy --check        ends with 1 where one is not annotated

            With -o and with --check the files that change are listed.
            """)

    @Option(
        name: [.customShort("f"), .customLong("filename")],
        help: ArgumentHelp(
            "a file, a folder, a pattern or a URL; - for standard input (default: -); can be repeated",
            valueName: "file"))
    var names: [String] = []

    @Flag(name: [.customShort("R"), .customLong("recursive")], help: "look into the folders of a folder, too")
    var isRecursive = false

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(
            "the folder to write to, which may be the one that is read (default: standard output)",
            valueName: "dir"))
    var folder: String?

    @Flag(help: "write nothing, and end with 1 where something would change")
    var check = false

    @OptionGroup(title: "Byline options") var who: BylineOptionGroup

    @Option(
        help: ArgumentHelp(
            "the DNS prefix of the annotations (default: $BYLINE_ANNOTATION_PREFIX, else byline.dev)",
            valueName: "prefix"))
    var annotationPrefix: String?

    func validate() throws {
        if folder != nil, check { throw ValidationError("choose one of -o and --check") }
        if folder != nil, names.isEmpty || names.contains("-") {
            throw ValidationError("standard input has no name to write it to below -o: name files with -f")
        }
    }

    func run() async throws {
        let environment = Environment.current()
        let changed = try await AnnotateCommand(
            names: names.isEmpty ? ["-"] : names, isRecursive: isRecursive,
            target: check ? .none : folder.map { .folder($0) } ?? .output, options: who.options,
            prefix: annotationPrefix ?? environment.annotationPrefix
        )
        .run(environment) { Standard.output($0) }
        if check || folder != nil { for name in changed { Standard.output(name + "\n") } }
        if check, !changed.isEmpty { throw ExitCode(1) }
    }
}
