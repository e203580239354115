/// What a gateway does with the texts of prompts. Their digests are recorded in any case.
public enum PromptKeeping: String, CaseIterable, Sendable {
    /// Refuses them.
    case digest
    /// Records those that a client was told to send.
    case offered
    /// Asks clients for every one that they know.
    case asked

    /// The longest prompt, in bytes of UTF-8, whose text is kept and sent: of a longer one only the digest is.
    public static let longestText = 64 << 10

    /// Whether a client sends texts.
    ///
    /// - Parameter isTold: true where the client was told to by the person it works for.
    /// - Returns: true where it does.
    public func wants(whenTold isTold: Bool) -> Bool {
        switch self {
        case .digest: false
        case .offered: isTold
        case .asked: true
        }
    }
}
