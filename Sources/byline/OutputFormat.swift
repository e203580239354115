import ArgumentParser
import Client
import Replay
import Vocabulary

/// How something is listed: for a person, or for a program.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, yaml

    /// Prints the JSON, or the text for a person.
    func print(_ json: JSON, _ text: @autoclosure () -> String) {
        switch self {
        case .table: Standard.output(text())
        case .json: Standard.output(BodyText.render(json.canonicalBytes))
        case .yaml: Standard.output(YAMLText.render(json))
        }
    }
}

/// What every command that talks to a gateway can be told.
struct GatewayOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)", valueName: "url"))
    var gateway: String?
}

struct FormatOption: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("table, json or yaml", valueName: "format"))
    var output = OutputFormat.table
}

extension TextStyle {
    /// Colours only on a terminal, and not where NO_COLOR asks for none.
    static func forOutput(_ environment: Environment) -> TextStyle {
        TextStyle(colours: Standard.outputIsTerminal && !environment.noColor)
    }
}
