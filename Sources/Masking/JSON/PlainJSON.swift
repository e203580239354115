/// What says nothing, nearly all of what there is, is passed over here in the fewest steps. It is no second grammar: whatever
/// is not spelled as the API server spells it, ends with the bytes or has a rule stays where it is for the rest of the scanner.
extension JSONScanner {
    /// Passes objects, arrays and members whose names say nothing and whose values are words, or strings in which no anchor
    /// begins. It goes from a name's opening quote, and returns the place behind what was passed.
    mutating func passPlain(_ bytes: JSONWindow, from start: Int) -> Int {
        // The place of a name, of which nothing was taken yet.
        var place = start
        while bytes.has("\"", at: place) {
            let nameEnd = bytes.nextEnd(from: place &+ 1)
            let value = nameEnd &+ 2
            guard value &+ 5 < bytes.count, bytes[nameEnd] == UInt8(ascii: "\""),
                bytes[nameEnd &+ 1] == UInt8(ascii: ":")
            else { return place }
            let context = context(of: bytes[place &+ 1..<nameEnd])
            guard context.node == FieldTree.plain, context.sense.strength == nil, context.sense.role != .arguments
            else { return place }
            var end: Int
            switch bytes[value] {
            case UInt8(ascii: "\""):
                end = bytes.nextEnd(from: value &+ 1)
                guard bytes.has("\"", at: end),
                    !bytes.hasHead(in: value &+ 1..<max(value &+ 1, end &+ 1 &- AnchorFilter.shortestAnchor)),
                    told(bytes[value &+ 1..<end], context.sense.role) == nil
                else { return place }
                end &+= 1
            case UInt8(ascii: "{"):
                if bytes[value &+ 1] == UInt8(ascii: "\"") {
                    guard push(.object) else { return place }
                    place = value &+ 1
                    continue
                }
                guard bytes[value &+ 1] == UInt8(ascii: "}"), outer.count < JSONMasker.maximumDepth else {
                    return place
                }
                end = value &+ 2
            case UInt8(ascii: "["):
                guard bytes[value &+ 1] == UInt8(ascii: "{"), bytes[value &+ 2] == UInt8(ascii: "\""),
                    outer.count + 1 < JSONMasker.maximumDepth, push(.array), push(.object)
                else { return place }
                outer[outer.count &- 1].field = hash(bytes[place &+ 1..<nameEnd], context.node)
                place = value &+ 2
                continue
            default:
                guard let word = plainWordEnd(bytes, value) else { return place }
                end = word
            }
            place = leavePlain(bytes, end)
            guard expectation == .key else { return place }
        }
        return place
    }

    /// Goes on behind a value, out of the objects and arrays that end there.
    ///
    /// - Returns: the place of the next member's name, where a key is expected then; of whatever comes otherwise.
    @inline(__always)
    private mutating func leavePlain(_ bytes: JSONWindow, _ start: Int) -> Int {
        var place = start
        expectation = .commaOrEnd
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: ","):
                if frame.kind == .object {
                    expectation = .key
                    return place &+ 1
                }
                guard frame.node == FieldTree.plain, bytes.has("{", at: place &+ 1), bytes.has("\"", at: place &+ 2),
                    push(.object)
                else { return place }
                expectation = .key
                return place &+ 2
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                let kind: Frame.Kind = bytes[place] == UInt8(ascii: "}") ? .object : .array
                guard frame.kind == kind, let around = outer.last, around.kind != .outside else { return place }
                outer.removeLast()
                if frame.node == FieldTree.root { identity.reset() }
                frame = around
                place &+= 1
            default: return place
            }
        }
        return place
    }

    /// Opens an object or array in which nothing has rules; false where it would be too deep.
    @inline(__always)
    private mutating func push(_ kind: Frame.Kind) -> Bool {
        guard outer.count < JSONMasker.maximumDepth else { return false }
        outer.append(frame)
        frame = Frame(kind: kind, node: FieldTree.plain)
        return true
    }

    /// The place behind `null`, `true`, `false` or a whole number; nil for what is none. There are five bytes behind its first.
    @inline(__always)
    private func plainWordEnd(_ bytes: JSONWindow, _ start: Int) -> Int? {
        switch bytes[start] {
        case UInt8(ascii: "n"): return bytes[start..<start &+ 4].isSame(as: "null") ? start &+ 4 : nil
        case UInt8(ascii: "t"): return bytes[start..<start &+ 4].isSame(as: "true") ? start &+ 4 : nil
        case UInt8(ascii: "f"): return bytes[start..<start &+ 5].isSame(as: "false") ? start &+ 5 : nil
        case 0x30...0x39:
            var end = start &+ 1
            while end < bytes.count, bytes[end].isDigit, end &- start < 32 { end &+= 1 }
            return end < bytes.count && !Self.isWordByte(bytes[end]) ? end : nil
        default: return nil
        }
    }
}
