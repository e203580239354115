/// A JSON value that knows where it stands in its bytes, so that one string can be replaced and all else stays as it came.
struct PlacedJSON {
    indirect enum Kind {
        /// The bytes between the quotes.
        case string(Range<Int>)
        /// A number, a boolean or null.
        case word
        case array([PlacedJSON])
        case object([Member])
    }

    struct Member {
        let name: [UInt8]
        let value: PlacedJSON
    }

    let kind: Kind
    /// From the value's first byte to its last, quotes and brackets included.
    let range: Range<Int>

    private static let maximumDepth = 512

    /// Reads one JSON text with nothing but white space around it; nil where it is none.
    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipSpace()
        guard reader.place == bytes.count else { return nil }
        self = value
    }

    private init(_ kind: Kind, _ range: Range<Int>) {
        self.kind = kind
        self.range = range
    }

    /// The value of a member; the last one where a name occurs twice, as the API server has it.
    subscript(name: [UInt8]) -> PlacedJSON? {
        guard case .object(let members) = kind else { return nil }
        return members.last { $0.name == name }?.value
    }

    subscript(name: String) -> PlacedJSON? { self[Array(name.utf8)] }

    var elements: [PlacedJSON]? {
        guard case .array(let elements) = kind else { return nil }
        return elements
    }

    var members: [Member]? {
        guard case .object(let members) = kind else { return nil }
        return members
    }

    /// The value at the end of a path.
    func value(at path: ArraySlice<Step>) -> PlacedJSON? {
        guard let step = path.first else { return self }
        switch step {
        case .member(let name): return self[name]?.value(at: path.dropFirst())
        case .index(let index):
            guard let elements, elements.indices.contains(index) else { return nil }
            return elements[index].value(at: path.dropFirst())
        }
    }

    /// A string's text; nil for all else.
    func text(in bytes: [UInt8]) -> [UInt8]? {
        guard case .string(let range) = kind else { return nil }
        return bytes[range].withUnsafeBytes { JSONText.bytes(spelled: $0) }
    }

    /// A string's text, or a word as it is spelled.
    func scalar(in bytes: [UInt8]) -> [UInt8]? {
        if case .word = kind { return Array(bytes[range]) }
        return text(in: bytes)
    }

    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        mutating func skipSpace() {
            while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
        }

        private mutating func takes(_ character: Unicode.Scalar) -> Bool {
            skipSpace()
            guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
            place += 1
            return true
        }

        mutating func value(depth: Int) -> PlacedJSON? {
            guard depth < PlacedJSON.maximumDepth else { return nil }
            skipSpace()
            guard place < bytes.count else { return nil }
            let start = place
            switch bytes[place] {
            case UInt8(ascii: "\""):
                guard let inside = string() else { return nil }
                return PlacedJSON(.string(inside), start..<place)
            case UInt8(ascii: "["):
                place += 1
                guard let elements = elements(depth) else { return nil }
                return PlacedJSON(.array(elements), start..<place)
            case UInt8(ascii: "{"):
                place += 1
                guard let members = members(depth) else { return nil }
                return PlacedJSON(.object(members), start..<place)
            default:
                while place < bytes.count, JSONScanner.isWordByte(bytes[place]) { place += 1 }
                return place > start ? PlacedJSON(.word, start..<place) : nil
            }
        }

        private mutating func elements(_ depth: Int) -> [PlacedJSON]? {
            var elements: [PlacedJSON] = []
            if takes("]") { return elements }
            repeat {
                guard let element = value(depth: depth + 1) else { return nil }
                elements.append(element)
            } while takes(",")
            return takes("]") ? elements : nil
        }

        private mutating func members(_ depth: Int) -> [Member]? {
            var members: [Member] = []
            if takes("}") { return members }
            repeat {
                skipSpace()
                guard let inside = string(), let name = bytes[inside].withUnsafeBytes({ JSONText.bytes(spelled: $0) }),
                    takes(":"), let value = value(depth: depth + 1)
                else { return nil }
                members.append(Member(name: name, value: value))
            } while takes(",")
            return takes("}") ? members : nil
        }

        /// The range between the quotes; the place is behind them then.
        private mutating func string() -> Range<Int>? {
            guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { return nil }
            let start = place + 1
            place = start
            while place < bytes.count {
                switch bytes[place] {
                case UInt8(ascii: "\""):
                    place += 1
                    return start..<place - 1
                case UInt8(ascii: "\\"): place += 2
                default: place += 1
                }
            }
            return nil
        }
    }
}
