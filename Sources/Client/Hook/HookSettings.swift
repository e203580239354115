import LocalState
public import Tagging
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where a tool keeps its hooks, and Byline's among them.
public struct HookSettings: Sendable {
    public let tool: AITool
    /// The tool's settings file.
    public let path: String
    private let command: String
    private let environment: Environment
    /// What is added to the command where the hooks are to keep the prompt's text.
    private static let keepingPrompt = " --send-prompt"
    /// The text of a file that is not there.
    private static let nothing = Array("{}\n".utf8)

    /// The settings of a tool.
    ///
    /// - Parameters:
    ///   - tool: whose settings.
    ///   - environment: names the folders; a tool's own variable for its folder is honoured.
    ///   - program: how the tool is to call this program.
    ///   - keepsPrompt: true where the hooks are to keep the prompt's text.
    /// - Throws: `ClientFault.noHomeFolder` where no folder is named.
    public init(
        _ tool: AITool, _ environment: Environment, program: String, keepsPrompt: Bool = false
    ) throws(ClientFault) {
        self.tool = tool
        self.environment = environment
        command = "\(program) hook \(tool.rawValue)\(keepsPrompt ? Self.keepingPrompt : "")"
        guard let home = environment.home else { throw .noHomeFolder }
        path =
            switch tool {
            case .claudeCode: "\(environment.claudeFolder ?? "\(home)/.claude")/settings.json"
            case .codex: "\(environment.codexFolder ?? "\(home)/.codex")/hooks.json"
            case .gemini: "\(home)/.gemini/settings.json"
            case .cursor: "\(home)/.cursor/hooks.json"
            }
    }

    /// The events that Byline listens to.
    private var events: [String] {
        switch tool {
        case .claudeCode:
            [
                "SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolUseFailure", "Stop",
                "SessionEnd",
            ]
        case .codex: ["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "Stop"]
        case .gemini: ["SessionStart", "BeforeAgent", "BeforeModel", "AfterAgent", "SessionEnd"]
        case .cursor: ["beforeSubmitPrompt", "stop"]
        }
    }

    /// One event's entry, as the tool writes them. Gemini counts a hook's time in milliseconds.
    private var entry: String {
        let command = JSON.string(command).canonicalText
        return switch tool {
        case .claudeCode, .codex: "{\"hooks\": [{\"type\": \"command\", \"command\": \(command), \"timeout\": 10}]}"
        case .gemini:
            "{\"hooks\": [{\"name\": \"byline\", \"type\": \"command\", \"command\": \(command), \"timeout\": 10000}]}"
        case .cursor: "{\"command\": \(command)}"
        }
    }

    /// The file's text with Byline's hooks in it: where they are already, it is the text as it was. Those that do otherwise
    /// with the prompt's text give way.
    public func installed() throws(ClientFault) -> [UInt8] {
        var text = try load()
        if tool == .cursor, text.root["version"] == nil, text.root["hooks"] == nil {
            text = try parse(Array("{\n  \"version\": 1\n}\n".utf8))
        }
        for event in events {
            if case .array(let elements, _)? = text.node(at: ["hooks", event]), elements.contains(where: isOurs) {
                if elements.contains(where: isSame) { continue }
                guard text.remove(at: ["hooks", event], where: isOurs) else { throw .badSettings(path) }
            }
            guard text.append(entry, at: ["hooks", event]) else { throw .badSettings(path) }
        }
        return text.bytes
    }

    /// The file's text without them.
    public func removed() throws(ClientFault) -> [UInt8] {
        var text = try load()
        guard case .object(let members, _)? = text.node(at: ["hooks"]) else { return text.bytes }
        for event in members.map(\.name) {
            guard text.remove(at: ["hooks", event], where: isOurs) else { throw .badSettings(path) }
        }
        return text.bytes
    }

    /// True where all of Byline's hooks are in the file.
    public func areInstalled() throws(ClientFault) -> Bool {
        let text = try load()
        return events.allSatisfy { event in
            guard case .array(let elements, _)? = text.node(at: ["hooks", event]) else { return false }
            return elements.contains(where: isOurs)
        }
    }

    /// The first program that Byline's hooks in the file call and that is not there.
    func missingProgram() throws(ClientFault) -> String? {
        let text = try load()
        for event in events {
            guard case .array(let elements, _)? = text.node(at: ["hooks", event]) else { continue }
            if let missing = elements.compactMap(program).first(where: { !isThere($0) }) { return missing }
        }
        return nil
    }

    /// Puts a text in the file's place; a link stays a link, and the file's mode is kept.
    public func write(_ bytes: [UInt8]) throws(ClientFault) {
        do throws(FileFault) {
            var status = stat()
            let isThere = stat(path, &status) == 0
            guard isThere ? try PrivateFile.readShared(path) != bytes : bytes != Self.nothing else { return }
            if !isThere { try PrivateFile.makeFolder(Path.folder(of: path)) }
            let target = isThere ? Self.resolved(path) : path
            let mode = isThere ? UInt32(status.st_mode & 0o777) : 0o600
            try PrivateFile.replaceAtomically(target, with: bytes, mode: mode)
        } catch { throw .file(error) }
    }

    private func isOurs(_ node: SettingsText.Node) -> Bool { program(of: node) != nil }

    /// What an entry of Byline's calls, by whatever path, as a shell's word; nil for somebody else's entry.
    private func program(of node: SettingsText.Node) -> String? {
        for text in node.strings {
            let words = text.hasSuffix(Self.keepingPrompt) ? String(text.dropLast(Self.keepingPrompt.count)) : text
            guard words.hasSuffix(" hook \(tool.rawValue)") else { continue }
            let program = String(words.dropLast(" hook \(tool.rawValue)".count))
            if program == "byline" || program.hasSuffix("/byline") || program.hasSuffix("/byline'") { return program }
        }
        return nil
    }

    private func isThere(_ program: String) -> Bool {
        guard program.contains("/") else { return OwnProgram.find(program, environment) != nil }
        guard program.hasPrefix("'") else { return access(program, X_OK) == 0 }
        return access(String(program.dropFirst().dropLast()), X_OK) == 0 || program.contains("'\\''")
    }

    /// Ours, calls a program that is there, and does with the prompt's text what this one does.
    private func isSame(_ node: SettingsText.Node) -> Bool {
        program(of: node).map(isThere) == true
            && node.strings.contains { $0.hasSuffix(Self.keepingPrompt) } == command.hasSuffix(Self.keepingPrompt)
    }

    private func load() throws(ClientFault) -> SettingsText {
        let bytes: [UInt8]
        do throws(FileFault) { bytes = try PrivateFile.readShared(path) } catch {
            guard error.isMissing else { throw .file(error) }
            bytes = []
        }
        return try parse(bytes)
    }

    private func parse(_ bytes: [UInt8]) throws(ClientFault) -> SettingsText {
        guard let text = SettingsText(bytes), case .object = text.root else { throw .badSettings(path) }
        return text
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
