import LocalState
import Tagging
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The AI tools' hooks: whether those that are on this machine call Byline, and what went wrong when they did.
struct HookChecks {
    private let environment: Environment

    init(_ environment: Environment) { self.environment = environment }

    func all() -> [Check] { AITool.allCases.map(check) }

    private func check(_ tool: AITool) -> Check {
        let name = "hook \(tool.rawValue)"
        if let state = StateFolders.person(environment: environment.variables),
            let fault = HookFaults(state: state).last(of: tool)
        {
            let times = fault.count == 1 ? "once" : "\(fault.count) times"
            return .fault(
                name, "failed \(times), last at \(fault.time.rfc3339(fractionDigits: 0)): \(fault.sentence)",
                hint: "once it is mended, run: byline doctor --forget-hook-faults")
        }
        do throws(ClientFault) {
            let settings = try HookSettings(tool, environment, program: "byline")
            guard access(Path.folder(of: settings.path), F_OK) == 0 else {
                return .note(name, "the tool is not on this machine")
            }
            if let missing = try settings.missingProgram() {
                return .fault(
                    name, "the hooks in \(settings.path) call \(missing), which is not there",
                    hint: "run: byline hook install \(tool.rawValue)")
            }
            return try settings.areInstalled()
                ? .ok(name, "installed in \(settings.path)")
                : .note(name, "not installed", hint: "run: byline hook install \(tool.rawValue)")
        } catch { return .fault(name, error) }
    }
}
