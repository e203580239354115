import ArgumentParser
import Client
import CurlTransport

/// `byline completion`.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "print the completion script of a shell, or install it",
        subcommands: [
            BashCompletionCommand.self, ZshCompletionCommand.self, FishCompletionCommand.self,
            CompletionInstallCommand.self,
        ])

    static func script(_ shell: CompletedShell) -> String {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        let script = Program.completionScript(for: kind)
        return script.hasSuffix("\n") ? script : script + "\n"
    }
}

struct BashCompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bash", abstract: "print the script for bash")

    func run() { Standard.output(CompletionCommand.script(.bash)) }
}

struct ZshCompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "zsh", abstract: "print the script for zsh")

    func run() { Standard.output(CompletionCommand.script(.zsh)) }
}

struct FishCompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "fish", abstract: "print the script for fish")

    func run() { Standard.output(CompletionCommand.script(.fish)) }
}

/// `byline completion install`.
struct CompletionInstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "install the script for your shell, or the one named")

    @Argument(help: ArgumentHelp("bash, zsh or fish (default: by $SHELL)", valueName: "shell"))
    var shell: String?

    func run() throws {
        let environment = Environment.current()
        guard let shell = shell.map(CompletedShell.init(rawValue:)) ?? CompletedShell(environment) else {
            throw ValidationError("name the shell: bash, zsh or fish")
        }
        let (path, hint) = try shell.install(CompletionCommand.script(shell), environment)
        Standard.error("installed \(path)\n" + (hint.map { "hint: \($0)\n" } ?? ""))
    }
}

extension CompletionKind {
    /// The clusters of the gateway.
    static var clusters: CompletionKind { names(.clusters) }
    /// The latest sessions.
    static var sessions: CompletionKind { names(.sessions) }

    private static func names(_ kind: Completions.Kind) -> CompletionKind {
        .custom { _, _, prefix async in
            await Completions(.current()).names(kind) { try CurlEngine() }.filter { $0.hasPrefix(prefix) }
        }
    }
}
