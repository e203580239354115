import ContextReading
public import LocalState
import Tagging
public import Vocabulary

/// What a Kubernetes client asks an exec credential plugin for: a credential at a gateway, for who writes at this moment.
public struct CredentialRequest: Sendable {
    /// Normalized.
    public let gateway: String
    public let account: Account
    public let byline: Byline
    let state: String

    /// Names the gateway and who writes; nil where no gateway is named or known, or there is no state folder.
    ///
    /// - Parameters:
    ///   - gateway: the command line's; nil to take `BYLINE_GATEWAY`, then the one signed in at last.
    ///   - flags: the byline's fields that the command line says.
    ///   - variables: the environment.
    public init?(gateway: String?, flags: [Byline.Field: String], variables: [String: String]) {
        guard let state = StateFolders.person(environment: variables) else { return nil }
        let named = gateway ?? variables["BYLINE_GATEWAY"].flatMap { $0.isEmpty ? nil : $0 }
        let known =
            named
            ?? (try? PrivateFile.read(SignInFolder.lastGateway(inPerson: state))).map {
                String(decoding: $0, as: UTF8.self)
            }
        guard let known, let normalized = GatewayURL.normalized(known) else { return nil }
        self.gateway = normalized
        self.state = state
        account = Account(variables: variables)
        byline = ContextReader(variables: variables, flags: flags).read().byline
    }

    /// Reads a command line that says nothing but `--gateway` and fields of the byline, each once; nil for any other. What is
    /// kept was got by sending the prompt, where `--send-prompt` asks for that.
    public init?(arguments: some Collection<String>, variables: [String: String]) {
        var gateway: String?
        var flags: [Byline.Field: String] = [:]
        var rest = arguments.makeIterator()
        while let argument = rest.next() {
            if argument == "--send-prompt" { continue }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let value = parts.count == 2 ? String(parts[1]) : rest.next(), !value.isEmpty, !value.hasPrefix("-")
            else { return nil }
            if parts[0] == "--gateway" {
                guard gateway == nil else { return nil }
                gateway = value
            } else {
                guard let field = Self.options[String(parts[0])], flags[field] == nil else { return nil }
                flags[field] = value
            }
        }
        self.init(gateway: gateway, flags: flags, variables: variables)
    }

    private static let options: [String: Byline.Field] = [
        "--agent": .agentName, "--conversation": .conversation, "--model": .model, "--prompt-id": .promptID,
        "--provider": .provider, "--tool-call": .toolCall,
    ]

    public var folder: SignInFolder { SignInFolder(gateway: gateway, inPerson: state) }

    /// Under which its session token is kept; nil where nobody is signed in.
    public var key: SessionKey? {
        account.key(in: folder).map {
            SessionKey(gateway: gateway, account: $0, byline: Baggage.encode(byline))
        }
    }
}
