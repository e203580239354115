public import LocalState
public import RecordIndex
public import Recording

/// Why `byline-gateway serve` cannot start, or ended.
public enum ServeFault: Error, Sendable {
    /// All that is wrong with the configuration; nothing was begun.
    case configuration(ConfigurationFaults)
    case state(FileFault)
    case stateInUse(path: String)
    case recording(RecordingFault)
    case index(IndexFault)
    case signingKey(path: String, cause: String)
    case maskKey(path: String, cause: String)
    case cannotListen(address: String, cause: String)
    case noFetcher(cause: String)
}

extension ServeFault: Advised {
    public var advice: Advice {
        switch self {
        case .configuration(let faults):
            Advice(
                faults.faults.map(\.description).joined(separator: "\n"),
                hint: "byline-gateway check --example prints a complete configuration with each key explained")
        case .state(let fault): Advice("\(fault)", hint: "make the folder under \"state\" this user's own, mode 0700")
        case .stateInUse(let path):
            Advice(
                "another byline-gateway uses the state folder \(path)",
                hint: "stop it, or give this one its own \"state\"")
        case .recording(let fault): Advice("the journal cannot be opened: \(fault)", hint: "nothing was changed in it")
        case .index(let fault):
            Advice("the record's index cannot be opened: \(fault)", hint: "the journal is untouched")
        case .signingKey(let path, let cause):
            Advice(
                "the session tokens' key in \(path) cannot be used: \(cause)",
                hint: "name one under sessionTokens.signingKeyFile")
        case .maskKey(let path, let cause):
            Advice("the key of masks in \(path) cannot be used: \(cause)", hint: "name one under masking.keyFile")
        case .cannotListen(let address, let cause):
            Advice("cannot listen on \(address): \(cause)", hint: "see what holds the address with: ss -ltnp")
        case .noFetcher(let cause): Advice("libcurl cannot be started: \(cause)", hint: "reinstall libcurl")
        }
    }
}
