import Crypto
import Vocabulary

/// Lists the members of a tar archive while its bytes arrive, with the SHA-256 of each. Content is hashed and let go; what
/// is held are one header, names of bounded length and a bounded list.
public struct TarListing: Sendable {
    /// How many members are listed; those behind are counted.
    public static let maximumCount = 10_000
    /// The longest text or set of records about a member, in bytes.
    private static let maximumExtension = 1 << 20

    private enum Position {
        case header
        /// Of the content, and then of what fills the last block up.
        case content(remaining: UInt64, padding: UInt64)
        /// Two empty blocks came: what follows is none of it.
        case ended
        case failed
    }

    public private(set) var members: [TarMember] = []
    /// How many members are not listed.
    public private(set) var unlisted = 0
    /// Bytes of all members' content.
    public private(set) var size: UInt64 = 0
    private var fault: TarFault?

    private var position = Position.header
    private var offset: UInt64 = 0
    private var block: [UInt8] = []
    private var header: TarHeader?
    private var member: TarMember?
    private var digest: SHA256?
    /// The content of a header's own extension.
    private var text: [UInt8] = []
    private var records = PaxRecords()
    private var emptyBlocks = 0

    public init() {}

    /// True where bytes begin as an archive does; nil while they are too few to tell.
    public static func isArchive(_ start: [UInt8]) -> Bool? {
        guard start.count >= TarHeader.blockLength else { return nil }
        return TarHeader.isHeader(Array(start.prefix(TarHeader.blockLength)))
    }

    /// Takes in what comes next.
    public mutating func take(_ bytes: some Collection<UInt8>) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            switch position {
            case .header: takeHeader(&rest)
            case .content(let remaining, let padding): takeContent(&rest, remaining, padding)
            case .ended, .failed: return
            }
        }
    }

    /// Why the archive could not be read to its end; nil where it could, with the bytes that there were.
    public var damage: TarFault? {
        if let fault { return fault }
        if case .content(let remaining, _) = position, remaining > 0 { return .cut }
        return block.isEmpty ? nil : .cut
    }

    private mutating func takeHeader(_ rest: inout ArraySlice<UInt8>) {
        let taken = rest.prefix(TarHeader.blockLength - block.count)
        block += taken
        rest = rest[taken.endIndex...]
        guard block.count == TarHeader.blockLength else { return }
        defer {
            block.removeAll(keepingCapacity: true)
            offset += UInt64(TarHeader.blockLength)
        }
        if block.allSatisfy({ $0 == 0 }) {
            emptyBlocks += 1
            if emptyBlocks == 2 { position = .ended }
            return
        }
        emptyBlocks = 0
        do throws(TarFault) { try begin(try TarHeader(block, at: offset)) } catch {
            fault = error
            position = .failed
        }
    }

    private mutating func begin(_ header: TarHeader) throws(TarFault) {
        var size = header.size
        self.header = header
        switch header.purpose {
        case .member(let kind):
            if kind == .file || kind == .other { size = records.size ?? size }
            guard size <= Int64.max else { throw .impossible(offset: offset) }
            let path = records.path ?? header.path
            member = TarMember(
                path: String(path.prefix(4_096)), kind: kind, mode: header.mode, size: size,
                target: kind == .symbolicLink || kind == .hardLink ? records.target ?? header.target : "")
            digest = kind == .file ? SHA256() : nil
            records = PaxRecords()
        case .sparse: throw .sparse(offset: offset)
        case .records, .globalRecords, .longPath, .longTarget:
            guard size <= UInt64(Self.maximumExtension) else { throw .impossible(offset: offset) }
            text = []
        }
        let block = UInt64(TarHeader.blockLength)
        position = .content(remaining: size, padding: (block - size % block) % block)
        if size == 0 { endContent() }
    }

    private mutating func takeContent(_ rest: inout ArraySlice<UInt8>, _ remaining: UInt64, _ padding: UInt64) {
        let wanted = remaining > 0 ? remaining : padding
        let taken = rest.prefix(wanted < UInt64(rest.count) ? Int(wanted) : rest.count)
        rest = rest[taken.endIndex...]
        offset += UInt64(taken.count)
        let left = wanted - UInt64(taken.count)
        if remaining == 0 {
            position = left == 0 ? .header : .content(remaining: 0, padding: left)
            return
        }
        if member == nil { text += taken } else { taken.withUnsafeBytes { digest?.update(bufferPointer: $0) } }
        position = .content(remaining: left, padding: padding)
        if left == 0 { endContent() }
    }

    /// The content is whole; what fills its last block may still come.
    private mutating func endContent() {
        if case .content(_, 0) = position { position = .header }
        defer {
            member = nil
            digest = nil
            text = []
        }
        guard var member else { return takeExtension() }
        member.digest = digest.map { HexDigits.lower(Array($0.finalize())) }
        size += member.size
        if members.count < Self.maximumCount { members.append(member) } else { unlisted += 1 }
    }

    private mutating func takeExtension() {
        switch header?.purpose {
        case .records: records.read(text)
        case .longPath: records.path = TarHeader.text(text)
        case .longTarget: records.target = TarHeader.text(text)
        default: break
        }
    }
}

/// What stands about a member before its header (POSIX.1-2001 pax, or GNU's long names).
private struct PaxRecords: Sendable {
    var path: String?
    var target: String?
    var size: UInt64?

    /// Reads records `LENGTH KEY=VALUE` and a line feed each; what is none ends them.
    mutating func read(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let space = rest.firstIndex(of: UInt8(ascii: " ")), space > rest.startIndex,
            let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length <= rest.count,
            rest.startIndex + length > space + 1
        {
            let record = rest[(space + 1)..<(rest.startIndex + length)].dropLast()
            rest = rest[(rest.startIndex + length)...]
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = String(decoding: record[(equals + 1)...], as: UTF8.self)
            switch String(decoding: record[..<equals], as: UTF8.self) {
            case "path": path = value
            case "linkpath": target = value
            case "size": size = UInt64(value)
            default: break
            }
        }
    }
}
