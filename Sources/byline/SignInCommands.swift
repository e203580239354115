import ArgumentParser
import Client
import CurlTransport
import Replay
import Vocabulary

/// `byline login`.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "sign in at a gateway",
        discussion: """
            Shows a page and a code to approve in a browser, on this machine or another. A program signs in with its own id \
            and secret instead:

              byline login https://gateway.example.com --client-credentials FILE

            FILE holds {"clientID": "…", "clientSecret": "…"} and is closed to others (mode 0600).
            """)

    @Argument(help: ArgumentHelp("the gateway's URL", valueName: "url"))
    var url: String

    @Flag(help: "approve in a browser, here or on another machine (the default)")
    var device = false

    @Option(help: ArgumentHelp("a program's id and secret", valueName: "file"))
    var clientCredentials: String?

    @Option(
        help: ArgumentHelp("PEM to verify the gateway against (default: the system's authorities)", valueName: "file"))
    var certificateAuthority: String?

    func validate() throws {
        if device, clientCredentials != nil { throw ValidationError("choose one of --device and --client-credentials") }
    }

    func run() async throws {
        let engine = try CurlEngine()
        let method = clientCredentials.map { SignInMethod.clientCredentials(file: $0) } ?? .device
        let signIn = try await SigningIn(.current(), engine)
            .signIn(at: url, method: method, authorityFile: certificateAuthority) { Standard.error($0) }
        let username = signIn.summary["username"]?.string ?? ""
        Standard.output(
            "signed in at \(signIn.gateway) as \(username), until \(signIn.expiration.rfc3339(fractionDigits: 0))\n")
    }
}

/// `byline logout`.
struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "logout", abstract: "forget the sign-in at a gateway")

    @OptionGroup var at: GatewayOption

    func run() async throws {
        let gateway = try SigningIn(.current(), CurlEngine()).signOut(gateway: at.gateway)
        Standard.output("signed out of \(gateway)\n")
    }
}

/// `byline whoami`.
struct WhoamiCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "whoami", abstract: "show who is signed in, and where")

    @OptionGroup var at: GatewayOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let environment = Environment.current()
        let signIn = try await SigningIn(environment, CurlEngine()).current(gateway: at.gateway ?? environment.gateway)
        let summary = signIn.summary
        let groups = summary["groups"]?.strings ?? []
        format.output.print(
            summary,
            """
            user      \(summary["username"]?.string ?? "")
            groups    \(groups.isEmpty ? "-" : groups.joined(separator: ", "))
            gateway   \(signIn.gateway)
            issuer    \(signIn.issuer)
            expires   \(signIn.expiration.rfc3339(fractionDigits: 0))

            """)
    }
}
