public import Authentication
public import Masking
public import Vocabulary

/// The text of a prompt that somebody's session worked at.
public struct SentPrompt: Sendable {
    /// Who sent it, with the byline that names its digest.
    public let caller: Authenticated
    /// `sha256:HEX` of the text as it was sent.
    public let digest: String
    public let text: MaskedText
    public let time: Timestamp

    public init(caller: Authenticated, digest: String, text: MaskedText, time: Timestamp) {
        self.caller = caller
        self.digest = digest
        self.text = text
        self.time = time
    }
}
