/// Why a body cannot be masked, and is therefore not delivered.
public enum MaskingFault: Error, Hashable, Sendable {
    /// What came is no JSON, at so many bytes from its start.
    case notJSON(offset: Int)
    /// It nests deeper than 512 arrays and objects.
    case tooDeep
    /// A name, number or word that is longer than any can be.
    case tooLong(offset: Int)
    /// It ends in the middle.
    case cutOff
    /// It came in another form than JSON, although nothing else was asked for.
    case contentType(String)
    /// It came compressed, although that was not asked for.
    case contentEncoding(String)
    /// It is nothing that can be read, whatever it calls itself.
    case unreadable
    /// Its letters are not written as in ASCII.
    case charset(String)
}

extension MaskingFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notJSON(let offset): "it is no JSON at byte \(offset)"
        case .tooDeep: "it nests deeper than \(JSONMasker.maximumDepth) arrays and objects"
        case .tooLong(let offset): "a name or a number is too long at byte \(offset)"
        case .cutOff: "it ends in the middle"
        case .contentType(let type): "it is \"\(type)\", not JSON"
        case .contentEncoding(let encoding): "it is compressed with \"\(encoding)\""
        case .unreadable: "it is no object in JSON, YAML, Protocol Buffers or CBOR that can be read"
        case .charset(let charset): "it is written in \"\(charset)\""
        }
    }
}
