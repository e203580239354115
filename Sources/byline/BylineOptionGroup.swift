import ArgumentParser
import Client
import Vocabulary

/// Whether the gateway is sent the prompt itself.
struct PromptOption: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "send the prompt's text too, of 64 KiB at most, where the gateway records it (default: BYLINE_SEND_PROMPT=1)"
        ))
    var sendPrompt = false
}

/// The options that say who writes. What they leave open is learned as `byline context` shows it.
struct BylineOptionGroup: ParsableArguments {
    @Option(help: ArgumentHelp("the model that writes (default: $BYLINE_MODEL)", valueName: "model"))
    var model: String?

    @Option(help: ArgumentHelp("who serves the model (default: $BYLINE_PROVIDER)", valueName: "name"))
    var provider: String?

    @Option(help: ArgumentHelp("the prompt's id (default: $BYLINE_PROMPT_ID)", valueName: "id"))
    var promptId: String?

    @Option(help: ArgumentHelp("a file with the prompt, of which the SHA-256 is taken", valueName: "file"))
    var promptFile: String?

    @Option(
        help: ArgumentHelp(
            "the conversation; runs that share it are one session (default: $BYLINE_CONVERSATION)", valueName: "id"))
    var conversation: String?

    @Option(help: ArgumentHelp("the agent's name (default: $BYLINE_AGENT)", valueName: "name"))
    var agent: String?

    @Option(help: ArgumentHelp("the tool call (default: $BYLINE_TOOL_CALL)", valueName: "id"))
    var toolCall: String?

    var options: BylineOptions {
        let values: [(Byline.Field, String?)] = [
            (.model, model), (.provider, provider), (.promptID, promptId), (.conversation, conversation),
            (.agentName, agent), (.toolCall, toolCall),
        ]
        var fields: [Byline.Field: String] = [:]
        for (field, value) in values { fields[field] = value }
        return BylineOptions(fields: fields, promptFile: promptFile)
    }

    func options(_ prompt: PromptOption) -> BylineOptions {
        var options = options
        options.sendsPrompt = prompt.sendPrompt
        return options
    }
}
