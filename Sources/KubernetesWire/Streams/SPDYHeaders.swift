/// The name and value pairs of a SPDY/3 header block, as far as Kubernetes' streams use them.
struct SPDYHeaders: Hashable, Sendable {
    private let fields: [(name: String, value: String)]

    static func == (left: SPDYHeaders, right: SPDYHeaders) -> Bool {
        left.fields.elementsEqual(right.fields) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
        for field in fields {
            hasher.combine(field.name)
            hasher.combine(field.value)
        }
    }

    /// Reads an inflated block (draft-mbelshe-httpbis-spdy-00 §2.6.10): a count, then names and values behind their lengths.
    init(_ block: [UInt8]) throws(StreamFault) {
        var rest = block[...]
        let count = try Self.number(&rest)
        // Each takes eight bytes at least.
        guard count <= UInt32(clamping: block.count / 8) else { throw .spdyHeaders }
        var fields: [(name: String, value: String)] = []
        for _ in 0..<count {
            let name = try Self.text(&rest)
            fields.append((name.lowercased(), try Self.text(&rest)))
        }
        guard rest.isEmpty else { throw .spdyHeaders }
        self.fields = fields
    }

    /// The first value under a lower-case name.
    subscript(name: String) -> Substring? {
        fields.first { $0.name == name }.map { $0.value.prefix { $0 != "\0" } }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) throws(StreamFault) -> UInt32 {
        guard rest.count >= 4 else { throw .spdyHeaders }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func text(_ rest: inout ArraySlice<UInt8>) throws(StreamFault) -> String {
        let length = try number(&rest)
        guard length <= UInt32(clamping: rest.count) else { throw .spdyHeaders }
        defer { rest = rest.dropFirst(Int(length)) }
        return String(decoding: rest.prefix(Int(length)), as: UTF8.self)
    }
}
