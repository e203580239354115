import ArgumentParser
import Client
import ContextReading
import Tagging
import Vocabulary

/// `byline context`.
struct ContextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context", abstract: "show who writes: model, prompt, session, and where each was learned",
        subcommands: [ContextShowCommand.self, ContextSetCommand.self, ContextClearCommand.self],
        defaultSubcommand: ContextShowCommand.self)
}

/// `byline context show`.
struct ContextShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "show each field, its value and where it was learned",
        discussion: """
            The first of these that says something about a field decides: an option, byline context set inside a run, the \
            options of that run, BYLINE_* variables, BAGGAGE, what an AI tool told its hook, byline context set, the tool's \
            own variables, CI variables.
            """)

    @OptionGroup(title: "Byline options") var who: BylineOptionGroup
    @OptionGroup var format: FormatOption

    func run() throws {
        let environment = Environment.current()
        let context = ContextReader(variables: environment.variables, flags: try who.options.flags()).read()
        format.output.print(context.json, context.table)
        if format.output == .table {
            for fault in context.faults { Standard.error("byline: \(fault.sentence)\n") }
            if context.fields.isEmpty {
                Standard.error("hint: say it with --model or BYLINE_MODEL, or let the tool: byline hook install TOOL\n")
            }
        }
        if context.faults.contains(where: \.source.isExplicit) { throw ExitCode(1) }
    }
}

/// `byline context set`.
struct ContextSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "say who writes, for a tool that has no hooks",
        discussion: """
            Inside byline run it holds for that run, from the next request on, and wins over the run's options:

              byline context set --prompt-id p-2 --prompt-file prompt.txt

            Elsewhere it is kept for everything that you run, and gives way to what a tool's hook says.
            """)

    @OptionGroup(title: "Byline options") var who: BylineOptionGroup

    func run() throws {
        let fields = try who.options.flags()
        guard !fields.isEmpty else { throw ValidationError("nothing to set: name a field, as in --prompt-id p-2") }
        try SettingContext(.current()).set(fields)
    }
}

/// `byline context clear`.
struct ContextClearCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear", abstract: "forget what byline context set has said")

    @Argument(help: ArgumentHelp("fields as byline context shows them (default: all)", valueName: "field"))
    var fields: [String] = []

    func run() throws {
        let known = try fields.map { name in
            guard let field = Byline.Field(named: name) else {
                let names = Byline.Field.allCases.map(\.shortName).sorted().joined(separator: ", ")
                throw ValidationError("\"\(name)\" is no field; the fields are: \(names)")
            }
            return field
        }
        try SettingContext(.current()).clear(known)
    }
}
