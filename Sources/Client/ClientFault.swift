public import CurlTransport
public import LocalState

/// Why the client cannot do what it was asked.
public enum ClientFault: Error, Sendable {
    case noStateFolder
    case file(FileFault)
    case notSignedIn
    case signInExpired(gateway: String)
    case badURL(String)
    case unreachable(what: String, TransportFault)
    /// What answered is no gateway, no issuer: what was asked, and how it answered.
    case unexpectedAnswer(what: String, status: Int, detail: String)
    case noUsableGrant(issuer: String, offered: [String])
    /// The issuer refused: OAuth's error code.
    case refusedByIssuer(String)
    case denied
    case badCredentialsFile(path: String)
    /// The gateway's own sentence.
    case refusedByGateway(status: Int, message: String)
    case unknownCluster(String, known: [String])
    case clusterNotChosen(known: [String])
    case commandNotFound(String)
    case cannotRun(command: String, cause: String)
    case cannotListen(String)
    case badByline(String)
    case unknownRecord(String)
    case manifest(ManifestFault)
}

/// A fault as a person reads it: what failed, on what, and what to do next. Lower case, no full stop.
public struct Advice: Sendable {
    public let failure: String
    public let hint: String
}

extension ClientFault {
    public var advice: Advice {
        switch self {
        case .noStateFolder: Advice(failure: "no state folder", hint: "set HOME or BYLINE_STATE")
        case .file(let fault): Advice(failure: "\(fault)", hint: "check the path, its owner and its mode")
        case .notSignedIn: Advice(failure: "not signed in", hint: "run: byline login https://GATEWAY")
        case .signInExpired(let gateway):
            Advice(failure: "the sign-in at \(gateway) has expired", hint: "run: byline login \(gateway)")
        case .badURL(let url): Advice(failure: "\"\(url)\" is no https URL", hint: "write it as https://HOST[:PORT]")
        case .unreachable(let what, let fault): unreachableAdvice(what, fault)
        case .unexpectedAnswer(let what, let status, let detail):
            Advice(
                failure: "\(what) answered with HTTP \(status)\(detail.isEmpty ? "" : ": \(detail)")",
                hint: "check the URL; byline-gateway prints it when it starts")
        case .noUsableGrant(let issuer, let offered):
            Advice(
                failure:
                    "the issuer \(issuer) offers no grant that fits (it offers: \(offered.joined(separator: ", ")))",
                hint: "choose one with --device or --client-credentials FILE")
        case .refusedByIssuer(let code):
            Advice(
                failure: "the issuer refused the sign-in: \(code)",
                hint: code == "invalid_client"
                    ? "check the id and the secret in the credentials file" : "run: byline login URL")
        case .denied:
            Advice(
                failure: "the sign-in was denied in the browser", hint: "run byline login again, and approve it there")
        case .badCredentialsFile(let path):
            Advice(
                failure: "\(path) is no credentials file", hint: "it holds JSON: {\"clientID\": …, \"clientSecret\": …}"
            )
        case .refusedByGateway(let status, let message):
            Advice(
                failure: message.hasPrefix("byline: ") ? String(message.dropFirst(8)) : message,
                hint: status == 401 ? "run: byline login URL" : "ask the operator of the gateway")
        case .unknownCluster(let name, let known):
            Advice(
                failure: "the gateway serves no cluster \"\(name)\"",
                hint: "it serves: \(known.joined(separator: ", "))")
        case .clusterNotChosen(let known):
            Advice(
                failure: "the gateway serves several clusters",
                hint: "choose one with --cluster NAME: \(known.joined(separator: ", "))")
        case .commandNotFound(let command):
            Advice(failure: "\(command): command not found", hint: "check its name and PATH")
        case .cannotRun(let command, let cause):
            Advice(failure: "cannot run \(command): \(cause)", hint: "check that it is a program and can be run")
        case .cannotListen(let cause):
            Advice(failure: "cannot listen on 127.0.0.1: \(cause)", hint: "check the limits on open files and sockets")
        case .badByline(let what): Advice(failure: what, hint: "shorten or correct it; see: byline run --help")
        case .unknownRecord(let id):
            Advice(
                failure: "no session and no exchange \"\(id)\" is recorded at this gateway",
                hint: "list them with: byline sessions")
        case .manifest(let fault): fault.advice
        }
    }

    private func unreachableAdvice(_ what: String, _ fault: TransportFault) -> Advice {
        switch fault {
        case .untrusted:
            Advice(
                failure: "the certificate of \(what) is not trusted: \(fault)",
                hint: "name its authority with --certificate-authority FILE; verification cannot be turned off")
        case .badRequest: Advice(failure: "\(what): \(fault)", hint: "check the URL and the proxy variables")
        default: Advice(failure: "\(what) cannot be reached: \(fault)", hint: "check that it runs, and the way to it")
        }
    }
}
