import Vocabulary

/// Where a list goes on. Its text is opaque to callers, and good for the question to which it was the answer.
public struct PageCursor: Hashable, Sendable {
    /// What the list is sorted by.
    let keys: [Int64]
    /// Of the list and its conditions.
    let question: UInt32

    init(_ keys: [Int64], question: UInt32) {
        self.keys = keys
        self.question = question
    }

    /// Reads a cursor's text; nil where it is none of ours.
    public init?(_ text: String) {
        guard let bytes = Base64.decodeURL(text), bytes.count >= 13, bytes.count % 8 == 5, bytes[0] == 1 else {
            return nil
        }
        func word(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        question = UInt32(word(1..<5))
        keys = stride(from: 5, to: bytes.count, by: 8).map { Int64(bitPattern: word($0..<$0 + 8)) }
    }

    public var text: String {
        var bytes: [UInt8] = [1]
        withUnsafeBytes(of: question.bigEndian) { bytes.append(contentsOf: $0) }
        for key in keys { withUnsafeBytes(of: key.bigEndian) { bytes.append(contentsOf: $0) } }
        return Base64.encodeURL(bytes)
    }

    /// A short digest of a question, FNV-1a of its description.
    static func digest(_ question: String) -> UInt32 {
        question.utf8.reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }
}

/// A page of a list.
public struct Page<Element: Sendable>: Sendable {
    public let elements: [Element]
    /// Where the next page begins; nil where this is the last one.
    public let next: PageCursor?
}

/// Why a question cannot be asked.
public enum QuestionFault: Error, Hashable, Sendable {
    /// A cursor of another list, or of one with other conditions.
    case foreignCursor
    /// No event of a watch has that id.
    case foreignEvent
}
