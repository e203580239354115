/// A secret that a detector found in a text.
public struct Finding: Hashable, Sendable {
    /// The bytes that are masked.
    public let range: Range<Int>
    /// The detector's name.
    public let rule: String
    /// True where the text ended before it showed where the secret ends, or whether one comes: the range may be empty then.
    let isOpen: Bool

    /// From where on the text is needed to find it: its own beginning, or the end of the name before it.
    let context: Int

    init(_ range: Range<Int>, _ rule: String, isOpen: Bool = false, context: Int? = nil) {
        self.isOpen = isOpen
        self.context = context ?? range.lowerBound
        self.range = range
        self.rule = rule
    }
}
