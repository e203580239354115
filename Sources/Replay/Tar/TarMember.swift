/// A member of a tar archive.
public struct TarMember: Hashable, Sendable {
    public enum Kind: String, Sendable {
        case file, directory, symbolicLink, hardLink, device, fifo, other
    }

    /// As it stands in the archive, which may be any text: absolute, with `..`, with control characters.
    public var path: String
    public var kind: Kind
    public var mode: Int
    /// Bytes of content.
    public var size: UInt64
    /// What a link leads to; empty for anything else.
    public var target: String
    /// SHA-256 of the content, in hexadecimal; nil for what has none, and where the archive ends before it is whole.
    public var digest: String?
}

/// Why an archive cannot be read to its end.
public enum TarFault: Error, Hashable, Sendable {
    /// What stands at this offset, in bytes, is no member.
    case notAMember(offset: UInt64)
    /// A member's header says what no archive can hold: a size below zero or beyond 2^63, a name of over a mebibyte.
    case impossible(offset: UInt64)
    /// A sparse file, whose parts are told in a way that is not read here.
    case sparse(offset: UInt64)
    /// It ends within a member.
    case cut
}

extension TarFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notAMember(let offset): "what stands at byte \(offset) is no member of an archive"
        case .impossible(let offset): "the member at byte \(offset) says what cannot be"
        case .sparse(let offset): "the member at byte \(offset) is sparse, which is not read here"
        case .cut: "the archive ends within a member"
        }
    }
}
