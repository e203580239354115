import LocalState
import Tagging
import Vocabulary

/// Why a hook could not take up what its tool said. The tool is never told: `byline doctor` is.
enum HookFault: Error, Sendable {
    case noStateFolder
    /// The tool did not end its input in time.
    case noEnd
    case unreadable(String)
    case tooLong(limit: Int)
    case notJSON(JSONFault)
    case report(HookReport.Fault)
    case file(FileFault)

    /// What went wrong, without anything of what a person wrote.
    var sentence: String {
        switch self {
        case .noStateFolder: "no state folder: neither HOME nor BYLINE_STATE is set"
        case .noEnd: "the tool did not end its JSON within \(HookInput.seconds) s"
        case .unreadable(let cause): "standard input cannot be read: \(cause)"
        case .tooLong(let limit): "the tool sent more than \(limit) bytes"
        case .notJSON(let fault): "what the tool sent is no JSON (byte \(fault.offset))"
        case .report(.notJSON): "what the tool sent is no JSON object"
        case .report(.missing(let name)): "what the tool sent holds no \(name)"
        case .report(.invalid(let name)):
            "\(name) in what the tool sent holds control characters, or is longer than \(Baggage.maximumValueLength) bytes"
        case .file(let fault): "\(fault)"
        }
    }
}
