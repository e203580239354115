public import CurlTransport
public import LocalState
import Vocabulary

/// Why the client cannot do what it was asked.
public enum ClientFault: Error, Sendable {
    case noStateFolder
    case file(FileFault)
    case notSignedIn
    case signInExpired(gateway: String)
    case badURL(String)
    /// `KUBERNETES_EXEC_INFO` asks for a version of ExecCredential that is not spoken here.
    case badExecInfo(version: String)
    case unreachable(what: String, TransportFault)
    /// What answered is no gateway, no issuer: what was asked, and how it answered.
    case unexpectedAnswer(what: String, status: Int, detail: String)
    case signIn(SignInFault)
    case setup(SetupFault)
    /// The gateway's own sentence.
    case refusedByGateway(status: Int, message: String)
    case unknownCluster(String, known: [String])
    case clusterNotChosen(known: [String])
    case commandNotFound(String)
    case cannotRun(command: String, cause: String)
    case cannotListen(String)
    case badByline(String)
    case unknownRecord(String)
    /// What is recorded ended before all of it had come; libcurl's words.
    case recordCut(gateway: String, cause: String)
    case noHomeFolder
    /// The gateway could not be reached a moment ago, and is not asked again yet; libcurl's words.
    case gatewayDown(String, cause: String)
    /// A kubeconfig that is not ours to replace.
    case foreignKubeconfig(String)
    /// Another shim serves this kubeconfig.
    case shimRuns(String)
    /// What systemd passed is no listening socket of the loopback address.
    case badSocket(String)
    /// A tool's settings that are no JSON, or hold something else where hooks belong.
    case badSettings(String)
    case manifest(ManifestFault)
}

/// A fault as a person reads it: what failed, on what, and what to do next. Lower case, no full stop.
public struct Advice: Sendable {
    public let failure: String
    public let hint: String

    public init(failure: String, hint: String) {
        self.failure = failure
        self.hint = hint
    }
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
        case .badExecInfo(let version):
            Advice(
                failure: "KUBERNETES_EXEC_INFO asks for \"\(version)\"",
                hint: "write apiVersion: client.authentication.k8s.io/v1 into the kubeconfig, or run: byline setup")
        case .unreachable(let what, let fault): unreachableAdvice(what, fault)
        case .unexpectedAnswer(let what, let status, let detail):
            Advice(
                failure: "\(what) answered with HTTP \(status)\(detail.isEmpty ? "" : ": \(detail)")",
                hint: "check the URL; byline-gateway prints it when it starts")
        case .signIn(let fault): fault.advice
        case .setup(let fault): fault.advice
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
        case .gatewayDown(let gateway, let cause):
            Advice(
                failure: "\(gateway) cannot be reached: \(cause)",
                hint: "it is tried again in a few seconds; byline doctor says more")
        case .foreignKubeconfig(let path):
            Advice(failure: "\(path) is not a kubeconfig that byline made", hint: "name another file with --kubeconfig")
        case .shimRuns(let path):
            Advice(
                failure: "another byline shim serves \(path)",
                hint: "use that one, or name another file with --kubeconfig")
        case .badSocket(let cause):
            Advice(
                failure: "the socket that systemd passed cannot be used: \(cause)",
                hint: "write ListenStream=127.0.0.1:PORT, and no other, into the .socket unit")
        case .noHomeFolder: Advice(failure: "no home folder", hint: "set HOME")
        case .badSettings(let path):
            Advice(
                failure: "\(path) is no JSON object with hooks as the tool writes them; it is left as it was",
                hint: "mend it, or add the hooks by hand: byline hook install TOOL --print in an empty HOME shows them")
        case .unknownRecord(let id):
            Advice(
                failure: "no session and no exchange \"\(id)\" is recorded at this gateway",
                hint: "list them with: byline sessions")
        case .recordCut(let gateway, let cause):
            Advice(
                failure: "what is recorded did not come whole from \(gateway): \(cause)",
                hint: "try again; if it stays so, the journal is damaged: byline-gateway fsck says where")
        case .manifest(let fault): fault.advice
        }
    }

    private func unreachableAdvice(_ what: String, _ fault: TransportFault) -> Advice {
        switch fault {
        case .untrusted(let words) where words.contains("not yet valid") || words.contains("expired"):
            Advice(
                failure: "the certificate of \(what) is not trusted: \(words)",
                hint:
                    "compare this machine's clock, which says \(Timestamp.now().rfc3339(fractionDigits: 0)), with the server's"
            )
        case .untrusted:
            Advice(
                failure: "the certificate of \(what) is not trusted: \(fault)",
                hint: "name its authority with --certificate-authority FILE; verification cannot be turned off")
        case .tooLarge(let limit):
            Advice(
                failure: "\(what) answers with more than \(limit) bytes",
                hint: "check the URL: something else answers there")
        case .badRequest: Advice(failure: "\(what): \(fault)", hint: "check the URL and the proxy variables")
        default: Advice(failure: "\(what) cannot be reached: \(fault)", hint: "check that it runs, and the way to it")
        }
    }
}
