/// Names in ASCII that are found whatever their case, as those of HTTP's headers are, without making a copy of the text.
public struct NameSet: Sendable {
    private struct Name {
        let text: String
        let bytes: [UInt8]
    }

    /// The names by their length.
    private let byLength: [[Name]]

    /// A set of names that are spelled in lower case.
    public init(_ names: [String]) {
        var byLength: [[Name]] = []
        for name in names {
            let bytes = Array(name.utf8)
            while byLength.count <= bytes.count { byLength.append([]) }
            byLength[bytes.count].append(Name(text: name, bytes: bytes))
        }
        self.byLength = byLength
    }

    /// The name that a text spells, in lower case; nil where it spells none.
    public func find(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { utf8 in
            guard utf8.count < byLength.count else { return nil }
            return byLength[utf8.count].first { Self.begins(utf8, with: $0.bytes) }?.text
        }
    }

    public func contains(_ text: String) -> Bool { find(text) != nil }

    /// True where a text begins with one of the names.
    public func containsPrefix(of text: String) -> Bool {
        var text = text
        return text.withUTF8 { utf8 in
            byLength.prefix(utf8.count + 1).contains { names in
                names.contains { Self.begins(utf8, with: $0.bytes) }
            }
        }
    }

    private static func begins(_ utf8: UnsafeBufferPointer<UInt8>, with name: [UInt8]) -> Bool {
        for index in name.indices where lowercased(utf8[index]) != name[index] { return false }
        return true
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
