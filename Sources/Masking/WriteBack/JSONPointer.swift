import Vocabulary

/// A JSON pointer (RFC 6901).
struct JSONPointer {
    let tokens: [String]

    /// Reads a pointer; nil where it is none.
    init?(_ text: [UInt8]) {
        let text = String(decoding: text, as: UTF8.self)
        guard text.isEmpty || text.hasPrefix("/") else { return nil }
        tokens = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            Self.unescaped($0)
        }
    }

    /// A token with `~1` and `~0` read.
    private static func unescaped(_ token: Substring) -> String {
        var text = ""
        var isEscape = false
        for character in token {
            switch (isEscape, character) {
            case (false, "~"): isEscape = true
            case (true, "1"): (text, isEscape) = (text + "/", false)
            case (true, "0"): (text, isEscape) = (text + "~", false)
            default: (text, isEscape) = (text + (isEscape ? "~" : "") + String(character), false)
            }
        }
        return text + (isEscape ? "~" : "")
    }

    /// A value at the pointer's place, with nothing beside it. Elements of arrays stand alone.
    func around(_ value: [UInt8], isElement: (Int) -> Bool) -> [UInt8] {
        tokens.indices.reversed().reduce(value) { value, index in
            if isElement(index) { return [UInt8(ascii: "[")] + value + [UInt8(ascii: "]")] }
            return [UInt8(ascii: "{")] + JSON.string(tokens[index]).canonicalBytes + [UInt8(ascii: ":")] + value
                + [UInt8(ascii: "}")]
        }
    }

    /// What stands at the place now; nil for nothing, and for a new element (`-`).
    func place(in root: PresentObject.Value) -> PresentObject.Value? {
        tokens.reduce(Optional(root)) { place, token in place.flatMap { Self.next(token, in: $0) } }
    }

    /// The pointer as steps, which tell arrays from objects.
    func steps(in root: PresentObject.Value) -> [Step] {
        var place: PresentObject.Value? = root
        return tokens.map { token in
            defer { place = place.flatMap { Self.next(token, in: $0) } }
            if place?.elements != nil, let index = Int(token) { return .index(index) }
            return .member(token)
        }
    }

    private static func next(_ token: String, in place: PresentObject.Value) -> PresentObject.Value? {
        guard let elements = place.elements else { return place[token] }
        guard let index = Int(token), String(index) == token, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// True where an operation at another place changes what this pointer leads to: at a part of the way, or at an element of
    /// an array on the way, which may move those behind it.
    func isMoved(by other: [String]) -> Bool {
        guard let last = other.last else { return true }
        if tokens.starts(with: other) { return true }
        let isElement = last == "-" || Int(last) != nil
        return isElement && tokens.count >= other.count && tokens.starts(with: other.dropLast())
    }
}
