import KubernetesWire
import YAMLReading

/// A fault as a person reads it: what failed, on what, and what to do next. Lower case, no full stop.
public struct Advice: Sendable {
    public let failure: String
    public let hint: String

    public init(_ failure: String, hint: String) {
        self.failure = failure
        self.hint = hint
    }
}

/// A fault that ends a program.
public protocol Advised: Error {
    var advice: Advice { get }
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
