public import LocalState
public import Tagging
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the tools have told `byline hook`: a file for each session, 0600, replaced as a whole.
public struct HookStore: Sendable {
    private static let stateSuffix = ".json"
    private static let promptSuffix = ".prompt"
    private static let suffixes = [stateSuffix, promptSuffix, ".lock"]
    /// The longest name that a file may have.
    private static let longestName = 200
    /// Sessions that nothing was heard of for so long are forgotten.
    private static let keptDays: Int64 = 30

    /// The folder of the states.
    public let folder: String

    /// - Parameter state: the person's state folder.
    public init(state: String) { folder = StateFolders.hooks(inPerson: state) }

    /// The file of a session; nil where its id is longer than a file's name may be.
    public func path(of key: HookState.Key) -> String? {
        let name = "\(key.tool.rawValue)-\(PercentEncoding.encode(key.session))\(Self.stateSuffix)"
        return name.utf8.count <= Self.longestName ? "\(folder)/\(name)" : nil
    }

    private func promptPath(of key: HookState.Key) -> String? {
        path(of: key).map { $0.dropLast(Self.stateSuffix.count) + Self.promptSuffix }
    }

    /// The state of a session; nil where nothing was heard of it, or its file is no state.
    public func load(_ key: HookState.Key) throws(FileFault) -> HookState? {
        guard let path = path(of: key), let state = try read(path), state.key == key else { return nil }
        return state
    }

    /// The states of all sessions of a tool.
    public func all(of tool: AITool) throws(FileFault) -> [HookState] {
        var states: [HookState] = []
        for name in names() where name.hasPrefix("\(tool.rawValue)-") && name.hasSuffix(Self.stateSuffix) {
            if let state = try read("\(folder)/\(name)"), state.tool == tool { states.append(state) }
        }
        return states
    }

    /// Changes a session's state; hooks that run at the same time follow each other.
    public func update(_ key: HookState.Key, _ change: (inout HookState) -> Void) throws(FileFault) {
        guard let path = path(of: key) else {
            throw FileFault("name a file for", key.session, .tooLarge(limit: Self.longestName))
        }
        try PrivateFile.makeFolder(folder)
        let lock = try FileLock.waiting(for: "\(path).lock")
        defer { withExtendedLifetime(lock) {} }
        var state = try read(path) ?? HookState(key)
        let before = state
        change(&state)
        if state != before { try PrivateFile.replaceAtomically(path, with: state.json.canonicalBytes) }
    }

    /// Keeps the text of a session's prompt beside its state, in the place of the one before; nil for none.
    public func keepPrompt(_ text: String?, of key: HookState.Key) throws(FileFault) {
        guard let path = promptPath(of: key) else { return }
        guard let text else { return try PrivateFile.remove(path) }
        try PrivateFile.makeFolder(folder)
        try PrivateFile.replaceAtomically(path, with: Array(text.utf8))
    }

    /// The texts of prompts that are kept, of whatever session. What cannot be read is passed over.
    public func prompts() -> [[UInt8]] {
        names().filter { $0.hasSuffix(Self.promptSuffix) }.compactMap { try? PrivateFile.read("\(folder)/\($0)") }
    }

    /// Forgets a session.
    public func remove(_ key: HookState.Key) throws(FileFault) {
        guard let path = path(of: key) else { return }
        try keepPrompt(nil, of: key)
        try PrivateFile.remove(path)
        try PrivateFile.remove("\(path).lock")
    }

    /// Forgets the sessions that nothing was heard of for a month.
    public func prune() throws(FileFault) {
        let limit = Timestamp.now().seconds - Self.keptDays * 86_400
        for name in names() where Self.suffixes.contains(where: name.hasSuffix) {
            var status = stat()
            let path = "\(folder)/\(name)"
            if stat(path, &status) == 0, Int64(status.st_mtim.tv_sec) < limit { try PrivateFile.remove(path) }
        }
    }

    private func read(_ path: String) throws(FileFault) -> HookState? {
        do throws(FileFault) {
            let bytes = try PrivateFile.read(path)
            return (try? JSON(parsing: bytes)).flatMap(HookState.init)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    private func names() -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
