import ArgumentParser
import Client
import LocalState
import Vocabulary

/// `byline manual`, for who packages the programs.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "write the man pages of byline, or of another of its programs, into a folder",
        shouldDisplay: false)

    @Argument(
        help: ArgumentHelp("where the pages go; it is there already", valueName: "folder"), completion: .directory)
    var folder: String

    @Option(help: ArgumentHelp("the program whose pages are written (default: this one)", valueName: "file"))
    var of: String?

    func run() throws {
        for page in ManualPage.all(ofDump: try dump()) {
            do throws(FileFault) {
                try PrivateFile.replaceAtomically("\(folder)/\(page.name)", with: Array(page.text.utf8), mode: 0o644)
            } catch { throw ClientFault.file(error) }
        }
    }

    private func dump() throws -> JSON {
        guard let of else { return try JSON(parsing: Program._dumpHelp()) }
        do throws(ProgramOutput.Fault) {
            let bytes = try ProgramOutput.of(
                [of, "--experimental-dump-help"], environment: ProcessEnvironment.variables(), seconds: 10)
            guard let json = try? JSON(parsing: bytes) else {
                throw .cannotRun(command: of, cause: "it describes no commands")
            }
            return json
        } catch { throw ClientFault.cannotRun(command: of, cause: "\(error)") }
    }
}
