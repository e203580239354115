import ArgumentParser
import Client
import CurlTransport
import LocalState
import Replay
import Tagging
import Vocabulary

/// `byline doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "check everything on the way to the cluster, and say what to do about each fault",
        discussion: """
            Looks at the state folder, the gateway, its certificate and clock, the sign-in and its token, kubectl and its \
            plugin policy, and the hooks of the AI tools. Ends with 1 where there is a fault.
            """)

    @OptionGroup var at: GatewayOption
    @OptionGroup var format: FormatOption

    @Flag(name: .shortAndLong, help: "print only what is at fault")
    var quiet = false

    @Flag(help: "forget what went wrong in hooks so far")
    var forgetHookFaults = false

    func run() async throws {
        let environment = Environment.current()
        if forgetHookFaults { try forget(environment) }
        let all = try await Doctor(environment, CurlEngine(), gateway: at.gateway).checks()
        let checks = quiet ? all.filter { $0.state == .fault } : all
        format.output.print(["checks": .array(checks.map(\.json))], table(checks, .forOutput(environment)))
        if all.contains(where: { $0.state == .fault }) { throw ExitCode(1) }
    }

    private func forget(_ environment: Environment) throws {
        guard let state = StateFolders.person(environment: environment.variables) else {
            throw ClientFault.noStateFolder
        }
        do throws(FileFault) {
            for tool in AITool.allCases { try HookFaults(state: state).clear(tool) }
        } catch { throw ClientFault.file(error) }
    }

    private func table(_ checks: [Check], _ style: TextStyle) -> String {
        let width = checks.map(\.name.count).max() ?? 0
        return checks.map { check in
            let mark =
                switch check.state {
                case .ok: style.good("ok   ")
                case .note: style.faint("-    ")
                case .fault: style.bad("FAULT")
                }
            let name = check.name + String(repeating: " ", count: width - check.name.count)
            let hint = check.hint.map { "\n\(String(repeating: " ", count: width + 9))\($0)" } ?? ""
            return "\(mark)  \(name)  \(check.detail)\(hint)\n"
        }.joined()
    }
}
