/// The members of a JSON object by where they stand in its text: for who wants a few of them, and no tree of all.
///
/// Only the object's own structure is looked at. The text must be known to be JSON, as what the journal's writer wrote and
/// its checksum proves; of anything else either nothing or something is found, and no more is promised.
public struct JSONMembers {
    private struct Member {
        let name: Range<Int>
        let value: Range<Int>
    }

    private let text: [UInt8]
    private let members: [Member]

    /// Returns nil for what is no object.
    public init?(_ text: [UInt8]) { self.init(text, in: 0..<text.count) }

    fileprivate init?(_ text: [UInt8], in range: Range<Int>) {
        let members: [Member]? = text.withUnsafeBytes { bytes in
            var scan = Scan(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<range.upperBound]), at: range.lowerBound)
            var members: [Member] = []
            members.reserveCapacity(20)
            guard scan.enterObject() else { return nil }
            while let name = scan.name() {
                guard let value = scan.value() else { return nil }
                members.append(Member(name: name, value: value))
            }
            return scan.hasLeft ? members : nil
        }
        guard let members else { return nil }
        self.text = text
        self.members = members
    }

    /// The value of the member of that name, which must not need an escape; the last one where it occurs twice.
    public subscript(name: String) -> Value? {
        let found = text.withUnsafeBytes { bytes in
            members.last { $0.name.count == name.utf8.count && bytes[$0.name].elementsEqual(name.utf8) }
        }
        return found.map { Value(text: text, range: $0.value) }
    }

    /// A member's value.
    public struct Value {
        fileprivate let text: [UInt8]
        fileprivate let range: Range<Int>

        /// The value as it is spelled.
        public var literal: ArraySlice<UInt8> { text[range] }

        /// Nil for what is no string.
        public var string: String? {
            guard range.count >= 2, text[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
            let content = text[range.lowerBound + 1..<range.upperBound - 1]
            if !content.contains(UInt8(ascii: "\\")) { return String(decoding: content, as: UTF8.self) }
            return (try? JSON(parsing: text[range]))?.string
        }

        /// Nil for what is no object.
        public var members: JSONMembers? { JSONMembers(text, in: range) }
    }
}

/// Goes through an object's text from member to member.
private struct Scan {
    let bytes: UnsafeRawBufferPointer
    var at: Int
    var hasLeft = false

    init(bytes: UnsafeRawBufferPointer, at: Int) {
        self.bytes = bytes
        self.at = at
    }

    private mutating func skipWhiteSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
            at += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipWhiteSpace()
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    mutating func enterObject() -> Bool { take(UInt8(ascii: "{")) }

    /// The next member's name without its quotes; nil at the object's end, and where something else stands.
    mutating func name() -> Range<Int>? {
        if take(UInt8(ascii: "}")) {
            hasLeft = true
            return nil
        }
        _ = take(UInt8(ascii: ","))
        skipWhiteSpace()
        let start = at
        guard skipString() else { return nil }
        let end = at - 1
        return take(UInt8(ascii: ":")) ? start + 1..<end : nil
    }

    /// A whole value, whatever it is.
    mutating func value() -> Range<Int>? {
        skipWhiteSpace()
        let start = at
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard skipString() else { return nil }
                if depth == 0 { return start..<at }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return start < at ? start..<at : nil }
                depth -= 1
                at += 1
                if depth == 0 { return start..<at }
            case UInt8(ascii: ","), 0x20, 0x0A, 0x0D, 0x09:
                if depth == 0 { return start < at ? start..<at : nil }
                at += 1
            default: at += 1
            }
        }
        return nil
    }

    /// Goes behind the string that begins here; false where there is none, or no end of it.
    private mutating func skipString() -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return false }
        at += 1
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return true
            case UInt8(ascii: "\\"): at += 2
            default: at += 1
            }
        }
        return false
    }
}
