import ArgumentParser
import Client
import CurlTransport
import LocalState

/// `byline setup`.
struct SetupSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup", abstract: "add the gateway's clusters to a kubeconfig, as contexts byline-CLUSTER",
        discussion: """
            Everything else in the file stays as it is, to the byte. kubectl, helm and every other client then sign in and \
            say who writes by themselves:

              byline setup
              kubectl --context byline-prod get pods
              byline setup --remove

            In a pod or a pipeline, where nobody signs in, the plugin does:

              byline setup --gateway https://gateway.example.com --token-file /var/run/secrets/tokens/byline
            """)

    @OptionGroup var at: GatewayOption

    @Option(help: ArgumentHelp("only this cluster; may be given again (default: all)", valueName: "name"))
    var cluster: [String] = []

    @Option(help: ArgumentHelp("the file (default: the first in $KUBECONFIG, else ~/.kube/config)", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("sign in with this token, read anew whenever one is needed", valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("sign in with this program's id and secret", valueName: "file"))
    var clientCredentials: String?

    @Flag(help: "print it, and write nothing")
    var print = false

    @Flag(help: "take away what byline setup has written")
    var remove = false

    @OptionGroup(title: "How the gateway is reached") var way: WayOptions

    func validate() throws {
        if print, remove { throw ValidationError("choose one of --print and --remove") }
        if tokenFile != nil, clientCredentials != nil {
            throw ValidationError("choose one of --token-file and --client-credentials")
        }
    }

    private var variables: [(name: String, value: String)] {
        let files = [
            ("BYLINE_TOKEN_FILE", tokenFile), ("BYLINE_CLIENT_CREDENTIALS", clientCredentials),
            ("BYLINE_CERTIFICATE_AUTHORITY", way.certificateAuthority),
        ]
        return files.compactMap { name, file in file.map { (name, Path.absolute($0)) } }
    }

    func run() async throws {
        let setup = Setup(.current(), gateway: at.gateway, clusters: cluster, kubeconfig: kubeconfig)
        if remove {
            let outcome = try setup.remove()
            return Standard.output(
                "removed \(outcome.contexts.joined(separator: ", ")) from \(outcome.file)\n")
        }
        let engine = try CurlEngine()
        if print { return Standard.output(try await setup.text(way.way(), variables: variables, engine)) }
        let outcome = try await setup.write(way.way(), variables: variables, engine)
        let example = outcome.contexts.first.map { "\ntry: kubectl --context \($0) get pods" } ?? ""
        Standard.output("wrote \(outcome.contexts.joined(separator: ", ")) into \(outcome.file)\(example)\n")
    }
}
