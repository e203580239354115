public import Forwarding
public import KubernetesWire
public import LocalState
public import RecordIndex
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
    case index(IndexFault)
    case keyMaterial(path: String, cause: String)
    case cannotListen(address: String, cause: String)
}

extension DevFault: Advised {
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
        case .index(let fault):
            Advice("the record's index cannot be opened: \(fault)", hint: "the journal is untouched")
        case .keyMaterial(let path, let cause):
            Advice("the keys in \(path) cannot be used: \(cause)", hint: "move the folder away to have new ones made")
        case .cannotListen(let address, let cause):
            Advice(
                "cannot listen on \(address): \(cause)",
                hint: "choose another with --listen 127.0.0.1:PORT, 0 for any free port")
        }
    }
}
