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
              byline kubectl --model claude-opus-4 --prompt-id p-1 apply -f app.yaml
              byline sessions
              byline replay SESSION
            """,
        version: Version.current,
        subcommands: [
            LoginCommand.self, LogoutCommand.self, WhoamiCommand.self, CredentialSubcommand.self, SetupSubcommand.self,
            RunSubcommand.self, KubectlSubcommand.self, AnnotateSubcommand.self, ShimSubcommand.self,
            ContextCommand.self, HookCommand.self, SessionsCommand.self, ExchangesCommand.self,
            ShowCommand.self, ReplayCommand.self,
            DoctorCommand.self, CompletionCommand.self, ManualCommand.self,
        ])

    static func main() async {
        do {
            if KubectlSubcommand.isCalledKubectl { try await KubectlSubcommand.runAsKubectl() }
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch { Failure.exit(error) }
    }
}
