import ArgumentParser
import Client
import Tagging

/// A tool as it is named on the command line.
struct ToolArgument: ExpressibleByArgument, CaseIterable {
    static let allCases = AITool.allCases.map(ToolArgument.init)

    let tool: AITool

    private init(_ tool: AITool) { self.tool = tool }

    init?(argument: String) {
        guard let tool = AITool(rawValue: argument) else { return nil }
        self.init(tool)
    }

    var defaultValueDescription: String { tool.rawValue }

    static var allValueStrings: [String] { allCases.map(\.tool.rawValue) }
}

/// `byline hook`.
struct HookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook", abstract: "take what an AI tool says of its session, and install the hooks that do so",
        subcommands: [HookReportCommand.self, HookInstallCommand.self], defaultSubcommand: HookReportCommand.self)
}

/// `byline hook TOOL`.
struct HookReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "take a tool's hook JSON on standard input",
        discussion: """
            Called by the tool itself: model, session, prompt and tool call are kept for the commands that it runs. Of the \
            prompt only the SHA-256 is kept, unless --send-prompt or BYLINE_SEND_PROMPT=1 says otherwise. It ends with 0 whatever happens, so that the tool is never stopped; byline \
            doctor tells what went wrong.
            """)

    @Argument(help: ArgumentHelp("claude-code, codex, gemini or cursor", valueName: "tool"))
    var tool: ToolArgument

    @Flag(help: "keep the prompt's text, of 64 KiB at most, until the next one, for gateways that record it")
    var sendPrompt = false

    func run() {
        let (answer, fault) = HookCall(tool.tool, keepsPrompt: sendPrompt, .current()).run()
        Standard.output(answer)
        if let fault { Standard.error("byline: \(fault)\n") }
    }
}

/// `byline hook install`.
struct HookInstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "add the hooks to a tool's settings",
        discussion: """
            Nothing else in the settings is touched: comments, order and indentation stay.

              byline hook install claude-code            adds them to ~/.claude/settings.json
              byline hook install claude-code --print    prints what the file would be
              byline hook install claude-code --remove   takes them out again
            """)

    @Argument(help: ArgumentHelp("claude-code, codex, gemini or cursor", valueName: "tool"))
    var tool: ToolArgument

    @Flag(help: "print the file as it would be, and change nothing")
    var print = false

    @Flag(help: "take the hooks out again")
    var remove = false

    @Flag(help: "have the hooks keep each prompt's text for gateways that record it; without it, its SHA-256 alone")
    var sendPrompt = false

    func run() throws {
        let environment = Environment.current()
        let settings = try HookSettings(
            tool.tool, environment, program: OwnProgram.shellName(environment), keepsPrompt: sendPrompt)
        let bytes = remove ? try settings.removed() : try settings.installed()
        if print { return Standard.output(bytes) }
        try settings.write(bytes)
        Standard.error("\(remove ? "removed from" : "installed in") \(settings.path)\n")
        if !remove {
            Standard.error("hint: the tool's next session calls them; there byline context shows what they say\n")
        }
        if !remove, tool.tool == .codex {
            Standard.error("hint: a Codex of 2025 also needs codex_hooks = true under [features] in its config.toml\n")
        }
    }
}
