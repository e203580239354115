public import Forwarding
public import KubernetesWire
public import LocalState
public import Recording

/// Why `byline-gateway dev` cannot start.
public enum DevFault: Error, Sendable {
    /// No kubeconfig where one was looked for.
    case noKubeconfig(looked: [String])
    case kubeconfig(KubeconfigFault)
    /// Neither `--cluster` nor the context gives a name that can stand in a URL.
    case badClusterName(String)
    case upstream(UpstreamFault)
    /// The API server answered, and refused the kubeconfig's credential.
    case refusedByCluster(address: String, status: Int)
    case state(FileFault)
    case stateInUse(path: String)
    case recording(RecordingFault)
    case keyMaterial(path: String, cause: String)
    case cannotListen(address: String, cause: String)
}

/// A fault as a person reads it: what failed, on what, and what to do next. Lower case, no full stop.
public struct Advice: Sendable {
    public let failure: String
    public let hint: String

    public init(_ failure: String, hint: String) {
        self.failure = failure
        self.hint = hint
    }
}

extension DevFault {
    public var advice: Advice {
        switch self {
        case .noKubeconfig(let looked):
            Advice(
                "no kubeconfig at \(looked.joined(separator: ", "))",
                hint: "name the one of the cluster with --kubeconfig FILE, or set KUBECONFIG")
        case .kubeconfig(let fault): fault.advice
        case .badClusterName(let name):
            Advice(
                "\"\(name)\" cannot name a cluster: it must be lower-case letters, digits and hyphens, at most 63",
                hint: "choose a name with --cluster NAME")
        case .upstream(let fault):
            Advice(Refusal.sentence(fault), hint: "check that the cluster runs: kubectl get --raw /readyz")
        case .refusedByCluster(let address, let status):
            Advice(
                "the API server at \(address) refuses the kubeconfig's credential with HTTP \(status)",
                hint: "sign in to the cluster anew, then check with: kubectl auth can-i get pods")
        case .state(let fault):
            Advice("\(fault)", hint: "choose another folder with --state DIR, or make this one yours")
        case .stateInUse(let path):
            Advice(
                "another byline-gateway uses the state folder \(path)",
                hint: "stop it, or choose another folder with --state DIR")
        case .recording(let fault): Advice("the journal cannot be opened: \(fault)", hint: "nothing was changed in it")
        case .keyMaterial(let path, let cause):
            Advice("the keys in \(path) cannot be used: \(cause)", hint: "move the folder away to have new ones made")
        case .cannotListen(let address, let cause):
            Advice(
                "cannot listen on \(address): \(cause)",
                hint: "choose another with --listen 127.0.0.1:PORT, 0 for any free port")
        }
    }
}

extension KubeconfigFault {
    /// "FILE:LINE:COLUMN: ", as far as they are known.
    private var prefix: String {
        guard let file else { return "" }
        return place.map { "\(file):\($0): " } ?? "\(file): "
    }

    var advice: Advice {
        let place = prefix
        func list(_ names: [String]) -> String {
            names.isEmpty ? "it has none" : "it has: \(names.joined(separator: ", "))"
        }
        switch reason {
        case .notYAML(let fault):
            return Advice("\(file ?? "kubeconfig"):\(fault)", hint: "mend the file; kubectl config view reads it too")
        case .notAKubeconfig: return Advice("\(place)this is no kubeconfig", hint: "a kubeconfig says \"kind: Config\"")
        case .wrongShape(let expected):
            return Advice("\(place)expected \(expected)", hint: "compare with: kubectl config view")
        case .noCurrentContext(let known):
            return Advice("the kubeconfig has no current-context", hint: "name one with --context NAME; \(list(known))")
        case .unknownContext(let name, let known):
            return Advice(
                "the kubeconfig has no context \"\(name)\"", hint: "name one with --context NAME; \(list(known))")
        case .danglingReference(let context, let kind, let name):
            return Advice(
                "the context \"\(context)\" names the \(kind) \"\(name)\", which the kubeconfig does not have",
                hint: "mend it with: kubectl config set-context \(context) --\(kind)=NAME")
        case .missing(let key):
            return Advice("\(place)\"\(key)\" is missing", hint: "compare with: kubectl config view")
        case .badServer(let server):
            return Advice("\(place)\"\(server)\" is no https URL of an API server", hint: "write https://HOST:PORT")
        case .notBase64(let key):
            return Advice("\(place)\"\(key)\" is not base64", hint: "encode it with: base64 -w0 FILE")
        case .verificationTurnedOff:
            return Advice(
                "\(place)insecure-skip-tls-verify is set, and Byline never turns TLS verification off",
                hint: "name the cluster's CA in certificate-authority instead")
        case .unsupportedCredential(let key):
            return Advice(
                "\(place)the user authenticates with \"\(key)\", which byline-gateway cannot use yet",
                hint: "use a client certificate, a token or a tokenFile")
        }
    }
}
