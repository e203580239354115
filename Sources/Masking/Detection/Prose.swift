/// Tells a sentence about a secret from a passphrase of several words.
enum Prose {
    private static let longestPassphrase = 256
    private static let words: Set<String> = [
        "the", "a", "an", "is", "are", "be", "was", "to", "of", "for", "in", "must", "not", "your", "with", "this",
        "that",
        "should", "if", "it", "has", "have", "no", "can", "cannot", "will", "or", "on", "by", "from", "please",
        "invalid",
        "required", "wrong", "incorrect",
    ]

    /// True where text is longer than a passphrase, has several lines, or has two words that only sentences have.
    static func isSentence(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard text.count <= longestPassphrase, !text.contains(UInt8(ascii: "\n")) else { return true }
        var found = 0
        for word in text.split(whereSeparator: { !$0.isLetter }) {
            if words.contains(String(decoding: word, as: UTF8.self).lowercased()) { found += 1 }
        }
        return found >= 2
    }
}
