import ArgumentParser
import Client
import CurlTransport

/// `byline credential`.
struct CredentialSubcommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credential", abstract: "print a session token for a Kubernetes client (exec credential plugin)",
        discussion: """
            A kubeconfig calls it, as byline setup writes it; byline-credential answers in its place where the token is kept \
            already. The token says who is signed in and who writes, and is kept for this byline until shortly before its end.

              byline credential --gateway https://gateway.example.com --model claude-opus-4

            Where nobody has signed in: BYLINE_TOKEN_FILE or BYLINE_CLIENT_CREDENTIALS name a file to sign in with; a person \
            at a terminal is asked. BYLINE_IDENTITY chooses among several sign-ins by its username.
            """)

    @OptionGroup var at: GatewayOption
    @OptionGroup(title: "Byline options") var who: BylineOptionGroup
    @OptionGroup(title: "Byline options") var prompt: PromptOption

    func run() async throws {
        let answer = try await CredentialCommand(gateway: at.gateway, byline: who.options(prompt))
            .answer(.current(), CurlEngine(), hasTerminal: Standard.inputIsTerminal)
        Standard.output(answer)
    }
}
