import LocalState
public import Tagging
public import Vocabulary

/// Reads everything that tells who writes: this command's options and variables, the run it belongs to, what was set, what
/// the tools have told their hooks.
public struct ContextReader: Sendable {
    /// Names the file of the run that a command belongs to.
    public static let runVariable = "BYLINE_CONTEXT"

    private let variables: [String: String]
    private let flags: [Byline.Field: String]
    private let ancestors: [ProcessIdentity]
    private let state: String?

    /// A reader for a command.
    ///
    /// - Parameters:
    ///   - variables: the command's environment.
    ///   - flags: its options.
    ///   - ancestors: the processes that it descends from, the nearest first; nil for this program's own, which are looked
    ///     for where they count.
    public init(
        variables: [String: String], flags: [Byline.Field: String] = [:],
        ancestors: [ProcessIdentity]? = nil
    ) {
        self.variables = variables
        self.flags = flags
        self.ancestors =
            ancestors ?? (ContextInputs.ancestorsCount(among: variables) ? ProcessAncestry.own() : [])
        state = StateFolders.person(environment: variables)
    }

    /// What is known at this moment. Never fails: what cannot be read is reported in it.
    public func read() -> AgentContext { readNaming().context }

    /// What is known at this moment, and the paths whose change may change it.
    func readNaming() -> (context: AgentContext, paths: [String]) {
        var faults: [AgentContext.Fault] = []
        var paths: [String] = []
        func reading<T>(_ source: ContextSource, _ body: () throws(FileFault) -> T?) -> T? {
            do throws(FileFault) { return try body() } catch {
                if !error.isMissing { faults.append(.init(source, .unreadable("\(error)"))) }
                return nil
            }
        }
        func file(_ path: String?, _ source: ContextSource) -> ContextFile {
            guard let path, !path.isEmpty else { return ContextFile() }
            paths.append(path)
            return reading(source) { () throws(FileFault) in try ContextStore(path: path).load() } ?? ContextFile()
        }
        var inputs = ContextInputs()
        inputs.flags = flags
        inputs.variables = variables
        inputs.ancestors = ancestors
        inputs.run = file(variables[Self.runVariable], .setInRun)
        inputs.person = file(state.map { StateFolders.context(inPerson: $0) }, .setForPerson)
        if let state {
            let hooks = HookStore(state: state)
            var keys: [HookState.Key] = []
            if let key = inputs.run.hook { keys.append(key) }
            for sighting in ToolSighting.all(in: variables) {
                guard let tool = sighting.tool else { continue }
                if let session = sighting.session {
                    keys.append(.init(tool: tool, session: session.value))
                } else {
                    paths.append(hooks.folder)
                    inputs.hooks +=
                        reading(.hook(tool.rawValue)) { () throws(FileFault) in try hooks.all(of: tool) } ?? []
                }
            }
            for key in keys {
                if let path = hooks.path(of: key) { paths.append(path) }
                let state = reading(.hook(key.tool.rawValue)) { () throws(FileFault) in try hooks.load(key) }
                if let state { inputs.hooks.append(state) }
            }
            paths += inputs.hooks.compactMap { hooks.path(of: $0.key) }
        }
        var context = inputs.resolve()
        for fault in faults { context.report(fault) }
        return (context, paths)
    }
}
