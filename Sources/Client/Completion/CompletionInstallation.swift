import LocalState

/// A shell that completes byline's command line.
public enum CompletedShell: String, CaseIterable, Sendable {
    case bash, zsh, fish

    /// The shell that the person uses; nil for one that is not known.
    public init?(_ environment: Environment) {
        guard let name = environment.shell?.split(separator: "/").last, let shell = Self(rawValue: String(name)) else {
            return nil
        }
        self = shell
    }

    /// The file that it is called in a folder of completions.
    public var fileName: String {
        switch self {
        case .bash: "byline"
        case .zsh: "_byline"
        case .fish: "byline.fish"
        }
    }

    /// Where the shell looks for a person's own completions.
    private func folder(_ environment: Environment) -> String? {
        switch self {
        case .bash: environment.dataFolder.map { "\($0)/bash-completion/completions" }
        case .zsh: environment.dataFolder.map { "\($0)/zsh/site-functions" }
        case .fish: environment.configurationFolder.map { "\($0)/fish/completions" }
        }
    }

    /// Puts a script there.
    ///
    /// - Returns: its path, and what the person has to do for it; nil for nothing.
    public func install(_ script: String, _ environment: Environment) throws(ClientFault) -> (
        path: String, hint: String?
    ) {
        guard let folder = folder(environment) else { throw .noHomeFolder }
        let path = "\(folder)/\(fileName)"
        do throws(FileFault) {
            try PrivateFile.makeFolder(folder)
            try PrivateFile.replaceAtomically(path, with: Array(script.utf8), mode: 0o644)
        } catch { throw .file(error) }
        switch self {
        case .bash: return (path, "it needs the package bash-completion; open a new shell")
        case .zsh: return (path, "write into ~/.zshrc, before compinit: fpath=(\(folder) $fpath)")
        case .fish: return (path, nil)
        }
    }
}
