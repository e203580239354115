import ArgumentParser
import Client
import CurlTransport
import LocalState
import Replay
import Vocabulary

/// `byline login`.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "sign in at a gateway",
        discussion: """
            Opens the issuer's page in a browser; where there is no display, shows a page and a code to approve on any \
            machine. A program signs in with its own id and secret, or with a token that something else keeps fresh:

              byline login https://gateway.example.com --client-credentials FILE
              byline login https://gateway.example.com --token-file /var/run/secrets/tokens/byline

            FILE holds {"clientID": "…", "clientSecret": "…"}, and scope, audience or resource where the issuer wants them; it \
            is closed to others (mode 0600), or a descriptor as /dev/fd/3. Proxies are taken from HTTPS_PROXY and NO_PROXY.
            """)

    @Argument(help: ArgumentHelp("the gateway's URL", valueName: "url"))
    var url: String

    @Flag(help: "approve on a page, here or on another machine (RFC 8628)")
    var device = false

    @Flag(help: "use a browser on this machine, even where no display is seen")
    var browser = false

    @Option(help: ArgumentHelp("a program's id and secret", valueName: "file"))
    var clientCredentials: String?

    @Option(help: ArgumentHelp("a token, read anew whenever one is needed", valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("which of the gateway's issuers (default: its first)", valueName: "url"))
    var issuer: String?

    @Option(
        help: ArgumentHelp(
            "whom the access token is to be for (RFC 8707); the gateway is shown that token", valueName: "uri"))
    var resource: String?

    @Option(
        help: ArgumentHelp(
            "the port of 127.0.0.1 that the browser comes back to (default: any free one)", valueName: "port"))
    var redirectPort: Int?

    @Option(
        help: ArgumentHelp(
            "where its tokens are kept: file (0600), keyring (Linux's, on no disk, until your last process ends), or auto",
            valueName: "place"))
    var storage = StorageArgument.file

    @OptionGroup(title: "How the gateway is reached") var way: WayOptions

    func validate() throws {
        let chosen = [device, browser, clientCredentials != nil, tokenFile != nil].filter { $0 }
        if chosen.count > 1 {
            throw ValidationError("choose one of --device, --browser, --client-credentials and --token-file")
        }
        if let redirectPort, !(1...65_535).contains(redirectPort) {
            throw ValidationError("--redirect-port is a number from 1 to 65535")
        }
    }

    private var method: SignInMethod {
        if let clientCredentials { return .clientCredentials(file: Path.absolute(clientCredentials)) }
        if let tokenFile { return .tokenFile(Path.absolute(tokenFile)) }
        return device ? .device : browser ? .browser : .interactive
    }

    func run() async throws {
        var request = LoginRequest(
            method: method, way: try way.way(), issuer: issuer, resource: resource, redirectPort: redirectPort)
        request.storage = storage.storage
        let signIn = try await SigningIn(.current(), CurlEngine()).signIn(at: url, request)
        Standard.output(
            "signed in at \(signIn.gateway) as \(signIn.username), until \(signIn.expiration.rfc3339(fractionDigits: 0))\n"
        )
    }
}

/// Where a sign-in's tokens are kept, as the command line names it.
enum StorageArgument: String, ExpressibleByArgument, CaseIterable {
    case file, keyring, auto

    var storage: SignInStorage {
        switch self {
        case .file: .file
        case .keyring: .keyring
        case .auto: .auto
        }
    }
}

/// What a gateway and its issuer are verified against, and what they are shown.
struct WayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "PEM to verify the gateway against (default: $BYLINE_CERTIFICATE_AUTHORITY, else the system's authorities)",
            valueName: "file"))
    var certificateAuthority: String?

    @Option(
        help: ArgumentHelp(
            "PEM to verify the issuer against, besides the system's authorities (default: the gateway's)",
            valueName: "file"))
    var issuerCertificateAuthority: String?

    @Option(help: ArgumentHelp("a client certificate to show, PEM", valueName: "file"))
    var clientCertificate: String?

    @Option(help: ArgumentHelp("its key, PEM", valueName: "file"))
    var clientKey: String?

    func way() throws(ClientFault) -> Way {
        try Way(
            authorityFile: certificateAuthority, issuerAuthorityFile: issuerCertificateAuthority,
            clientCertificateFile: clientCertificate.map(Path.absolute), clientKeyFile: clientKey.map(Path.absolute))
    }
}

/// `byline logout`.
struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "forget the sign-in at a gateway, and have the issuer revoke it")

    @OptionGroup var at: GatewayOption

    func run() async throws {
        let end = try await SigningIn(.current(), CurlEngine()).signOut(gateway: at.gateway)
        Standard.output("signed out of \(end.gateway)\(end.username.isEmpty ? "" : " as \(end.username)")\n")
        if let fault = end.unrevoked {
            Standard.error(
                "byline: the issuer has not revoked it: \(fault.advice.failure)\nhint: it ends by itself; or end it at the issuer\n"
            )
        }
    }
}

/// `byline whoami`.
struct WhoamiCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "whoami", abstract: "show who is signed in, and where")

    @OptionGroup var at: GatewayOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let environment = Environment.current()
        let signIn = try await SigningIn(environment, CurlEngine()).current(gateway: at.gateway)
        let groups = signIn.groups
        format.output.print(
            signIn.summary,
            """
            user      \(signIn.username)
            groups    \(groups.isEmpty ? "-" : groups.joined(separator: ", "))
            gateway   \(signIn.gateway)
            issuer    \(signIn.issuer)
            expires   \(signIn.expiration.rfc3339(fractionDigits: 0))

            """)
    }
}
