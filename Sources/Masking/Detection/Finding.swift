/// A secret that a detector found in a text.
public struct Finding: Hashable, Sendable {
    /// The bytes that are masked.
    public let range: Range<Int>
    /// The detector's name.
    public let rule: String

    init(_ range: Range<Int>, _ rule: String) {
        self.range = range
        self.rule = rule
    }
}
