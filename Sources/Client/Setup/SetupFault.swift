public import YAMLReading

/// Why a kubeconfig cannot be set up.
public enum SetupFault: Error, Sendable {
    case notYAML(file: String, fault: YAMLFault)
    case notAKubeconfig(file: String)
    /// It is written in a way that this program cannot change and be sure of.
    case cannotEditSafely(file: String)
    case noKubeconfigPath
    /// Somebody else's item of the name that is needed.
    case nameTaken(kind: String, name: String, file: String)
    case locked(file: String, lock: String)
    case nothingToRemove(file: String)
}

extension SetupFault {
    var advice: Advice {
        switch self {
        case .notYAML(let file, let fault):
            Advice(failure: "\(file):\(fault)", hint: "mend it, or write to another file with --kubeconfig FILE")
        case .notAKubeconfig(let file):
            Advice(failure: "\(file) is no kubeconfig", hint: "name another with --kubeconfig FILE")
        case .cannotEditSafely(let file):
            Advice(
                failure: "\(file) is written in a way that cannot be changed safely; it is left as it was",
                hint: "write to a file of its own with --kubeconfig FILE, and name both in KUBECONFIG")
        case .noKubeconfigPath:
            Advice(failure: "no kubeconfig is named", hint: "set HOME, or name one with --kubeconfig FILE")
        case .nameTaken(let kind, let name, let file):
            Advice(
                failure: "\(file) has a \(kind) \"\(name)\" that byline setup did not make, or for another gateway",
                hint:
                    "remove it with byline setup --remove, or kubectl config delete-\(kind) \(name); or use --kubeconfig FILE"
            )
        case .locked(let file, let lock):
            Advice(
                failure: "another program is changing \(file)",
                hint: "wait for it; if there is none, remove what it left: rm \(lock)")
        case .nothingToRemove(let file):
            Advice(
                failure: "byline setup has written nothing into \(file)", hint: "name the file with --kubeconfig FILE")
        }
    }
}
