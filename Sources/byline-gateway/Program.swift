import ArgumentParser
import Gateway
import Vocabulary

/// The central recording gateway's command line.
@main
struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "byline-gateway",
        abstract: "records which model and which prompt did what to a Kubernetes cluster",
        discussion: """
            The gateway stands between AI agents and the API server: it proves who calls, decides by policy, records every \
            request before it is forwarded, and holds the cluster's credential so that the agent never does.

            Try it on this machine, with the cluster of your current kubeconfig:

              byline-gateway dev
            """,
        version: Version.current,
        subcommands: [
            ServeCommand.self, DevCommand.self, CheckCommand.self, FsckCommand.self, HoldCommand.self, KeysCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch { Failure.exit(error) }
    }
}
