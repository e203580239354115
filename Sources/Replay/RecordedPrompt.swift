public import Vocabulary

/// The text of a prompt as the gateway's API tells it.
public struct RecordedPrompt: Hashable, Sendable {
    /// `sha256:HEX` of the text as it was sent; what is recorded has its secrets masked.
    public let digest: String
    public let text: String

    /// Returns nil where the JSON is no prompt.
    public init?(_ json: JSON?) {
        guard let digest = json?["digest"]?.string, let text = json?["text"]?.string else { return nil }
        self.digest = digest
        self.text = text
    }

    /// The text for a person, a line for each of its lines, below its digest.
    func page(_ style: TextStyle) -> String {
        let lines = TerminalText.safe(text, multiline: true).split(separator: "\n", omittingEmptySubsequences: false)
        let head = style.faint("prompt \(TerminalText.safe(digest))")
        return "\n  \(head)\n" + lines.map { $0.isEmpty ? "\n" : "    \($0)\n" }.joined()
    }
}
