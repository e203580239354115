import ArgumentParser
import Vocabulary

/// The client's command line.
@main
struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "byline",
        abstract: "put a name on every command that an AI sends to Kubernetes",
        discussion: """
            Requests go through a byline-gateway, tagged with model, prompt and session; the gateway records them and holds \
            the cluster's credential.

              byline login https://gateway.example.com
              byline run --model claude-opus-4 --prompt-id p-1 -- kubectl apply -f app.yaml
              byline sessions
              byline replay SESSION
            """,
        version: Version.current,
        subcommands: [
            LoginCommand.self, LogoutCommand.self, WhoamiCommand.self, RunSubcommand.self, SessionsCommand.self,
            ExchangesCommand.self,
            ShowCommand.self, ReplayCommand.self,
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
