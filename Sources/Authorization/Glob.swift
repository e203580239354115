/// A pattern over names: `*` stands for any run of characters, `?` for one, everything else for itself.
public struct Glob: Hashable, Sendable {
    public let pattern: String
    private let bytes: [UInt8]
    private let hasWildcard: Bool

    public init(_ pattern: String) {
        self.pattern = pattern
        bytes = Array(pattern.utf8)
        hasWildcard = bytes.contains(where: Self.isWildcard)
    }

    /// True for the pattern that everything matches, the empty name included.
    public var isAny: Bool { bytes == [UInt8(ascii: "*")] }

    public func matches(_ name: String) -> Bool {
        if isAny { return true }
        guard hasWildcard else { return name == pattern }
        var name = name
        return name.withUTF8(matches)
    }

    private static func isWildcard(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") }

    /// Walks both from the left and comes back to the last `*` where they differ: at most pattern times name steps.
    private func matches(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        var (at, in_) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while in_ < name.count {
            if at < bytes.count, bytes[at] == UInt8(ascii: "*") {
                star = (at, in_)
                at += 1
            } else if at < bytes.count, bytes[at] == UInt8(ascii: "?") {
                at += 1
                in_ = Self.characterEnd(in_, name)
            } else if at < bytes.count, bytes[at] == name[in_] {
                at += 1
                in_ += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                at = last.pattern + 1
                in_ = last.name + 1
            } else {
                return false
            }
        }
        while at < bytes.count, bytes[at] == UInt8(ascii: "*") { at += 1 }
        return at == bytes.count
    }

    /// The end of the UTF-8 character that begins there.
    private static func characterEnd(_ start: Int, _ name: UnsafeBufferPointer<UInt8>) -> Int {
        var end = start + 1
        while end < name.count, name[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }
}

extension [Glob] {
    /// True where one of the patterns fits.
    func contains(matching name: String) -> Bool { contains { $0.matches(name) } }
}
