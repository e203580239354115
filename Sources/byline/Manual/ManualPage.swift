import Vocabulary

/// A command's page for man(1), in man(7)'s macros, made of what the command says of itself with
/// `--experimental-dump-help`.
struct ManualPage {
    private let command: JSON
    /// The commands above it, the program first.
    private let above: [String]

    /// All pages of a program, by file name.
    static func all(ofDump json: JSON) -> [(name: String, text: String)] {
        json["command"].map { pages($0, above: []) } ?? []
    }

    private static func pages(_ command: JSON, above: [String]) -> [(name: String, text: String)] {
        guard let name = command["commandName"]?.string, name != "help", command["shouldDisplay"]?.bool != false else {
            return []
        }
        let own = ManualPage(command: command, above: above)
        let below = (command["subcommands"]?.array ?? []).flatMap { pages($0, above: above + [name]) }
        return [("\(own.name).1", own.text)] + below
    }

    private var words: [String] { above + [command["commandName"]?.string ?? ""] }
    private var name: String { words.joined(separator: "-") }
    private var arguments: [JSON] {
        (command["arguments"]?.array ?? []).filter { $0["shouldDisplay"]?.bool != false }
    }
    private var subcommands: [JSON] {
        (command["subcommands"]?.array ?? []).filter {
            $0["commandName"]?.string != "help" && $0["shouldDisplay"]?.bool != false
        }
    }

    private var text: String {
        let abstract = command["abstract"]?.string ?? ""
        var lines = [
            ".TH \"\(Self.escaped(name.uppercased()))\" 1 \"\" \"byline \(Version.current)\" \"Byline\"", ".SH NAME",
            "\(Self.escaped(name)) \\- \(Self.escaped(abstract))", ".SH SYNOPSIS", synopsis,
        ]
        if let discussion = command["discussion"]?.string, !discussion.isEmpty {
            lines += [".SH DESCRIPTION"] + Self.paragraphs(discussion)
        }
        if !arguments.isEmpty { lines += [".SH OPTIONS"] + arguments.flatMap(Self.entry) }
        if !subcommands.isEmpty {
            lines += [".SH COMMANDS"]
            for subcommand in subcommands {
                let name = (words + [subcommand["commandName"]?.string ?? ""]).joined(separator: "-")
                lines += [
                    ".TP", "\\fB\(Self.escaped(name))\\fR(1)", Self.escaped(subcommand["abstract"]?.string ?? ""),
                ]
            }
        }
        if let parent = above.last {
            let page = (above.dropLast() + [parent]).joined(separator: "-")
            lines += [".SH SEE ALSO", "\\fB\(Self.escaped(page))\\fR(1)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var synopsis: String {
        var parts = ["\\fB\(Self.escaped(words.joined(separator: " ")))\\fR"]
        if !subcommands.isEmpty { parts.append("\\fIcommand\\fR") }
        for argument in arguments {
            var part = Self.invocation(argument)
            if argument["isRepeating"]?.bool == true { part += " ..." }
            parts.append(argument["isOptional"]?.bool == true ? "[\(part)]" : part)
        }
        return parts.joined(separator: " ")
    }

    /// An argument as it is written, by its preferred name.
    private static func invocation(_ argument: JSON) -> String {
        let value = "\\fI\(escaped(argument["valueName"]?.string ?? "value"))\\fR"
        switch argument["kind"]?.string {
        case "positional": return value
        case "flag": return option(argument["preferredName"])
        default: return "\(option(argument["preferredName"])) \(value)"
        }
    }

    private static func option(_ name: JSON?) -> String {
        let dashes = name?["kind"]?.string == "long" ? "--" : "-"
        return "\\fB\(escaped(dashes + (name?["name"]?.string ?? "")))\\fR"
    }

    private static func entry(_ argument: JSON) -> [String] {
        let names = (argument["names"]?.array ?? []).map { option($0) }
        var head = names.isEmpty ? invocation(argument) : names.joined(separator: ", ")
        if argument["kind"]?.string == "option" {
            head += " \\fI\(escaped(argument["valueName"]?.string ?? "value"))\\fR"
        }
        var lines = [".TP", head, escaped(argument["abstract"]?.string ?? "")]
        if let value = argument["defaultValue"]?.string { lines.append("(default: \(escaped(value)))") }
        if let discussion = argument["discussion"]?.string { lines.append(escaped(discussion)) }
        return lines
    }

    /// Prose as paragraphs; indented lines as they are.
    private static func paragraphs(_ text: String) -> [String] {
        var lines: [String] = []
        var isExample = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.allSatisfy(\.isWhitespace) {
                if !isExample { lines.append(".PP") }
                continue
            }
            if line.hasPrefix("  ") != isExample {
                isExample.toggle()
                lines.append(isExample ? ".EX" : ".EE")
                if !isExample { lines.append(".PP") }
            }
            lines.append(escaped(String(line)))
        }
        return lines + (isExample ? [".EE"] : [])
    }

    /// What roff would take for a macro or an escape, spelled out.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            default: result.append(character)
            }
        }
        return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
    }
}
