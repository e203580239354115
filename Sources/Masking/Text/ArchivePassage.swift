public import NIOCore

/// Lets a tar archive through that a command writes, block by block, and nothing behind the first that is none of it: a
/// header must have POSIX.1-1988's magic, which GNU's tar and busybox's share, and the right sum; as many bytes of content
/// follow as it says; after an empty block only empty ones come. GNU's sparse files are not let through.
public struct ArchivePassage: Sendable {
    private static let blockLength = 512
    /// The longest records about one member that are read for its size; pax has it there above 8 GiB.
    private static let longestRecords = 64 << 10

    private enum Position {
        case header
        case content(left: UInt64)
        /// An empty block came, which ends the archive.
        case ending
    }

    private var position = Position.header
    /// The beginning of a block that is not whole.
    private var held = ByteBuffer()
    /// True once a header came: it is an archive.
    public private(set) var isArchive = false
    /// The records of the header at hand; nil where its content is something else.
    private var records: [UInt8]?
    /// The next member's size, where records say it.
    private var recordedSize: UInt64?

    public init() {}

    /// Takes what comes next.
    ///
    /// - Parameter bytes: as they came.
    /// - Returns: what passes, and all the rest once it is none of an archive; the beginning of a block is in neither, and
    ///   waits for what follows.
    public mutating func take(_ bytes: ByteBuffer) -> (passing: ByteBuffer, rest: ByteBuffer?) {
        held.writeImmutableBuffer(bytes)
        var input = held
        held = ByteBuffer()
        var passed = 0
        while true {
            let left = input.readableBytes - passed
            if case .content(let content) = position {
                let taken = Int(clamping: min(UInt64(left), content))
                takeContent(input, passed, taken)
                passed += taken
                guard UInt64(taken) == content else {
                    position = .content(left: content - UInt64(taken))
                    break
                }
                endContent()
                continue
            }
            guard left > 0 else { break }
            let block = input.readableBytesView.dropFirst(passed).prefix(Self.blockLength)
            guard block.count == Self.blockLength else {
                // The texts of a header end with NUL: a first line is none, and is not held.
                if !isArchive, block.contains(UInt8(ascii: "\n")) { return (ByteBuffer(), input) }
                held = input.getSlice(at: input.readerIndex + passed, length: left) ?? ByteBuffer()
                break
            }
            guard begin(Array(block)) else {
                return (input.readSlice(length: passed) ?? ByteBuffer(), input)
            }
            passed += Self.blockLength
        }
        return (input.readSlice(length: passed) ?? ByteBuffer(), nil)
    }

    /// Gives what was held: no more comes, so that it is none of an archive.
    public mutating func finish() -> ByteBuffer {
        defer { held = ByteBuffer() }
        return held
    }

    /// Begins what a block leads to; false where it is no archive's.
    private mutating func begin(_ block: [UInt8]) -> Bool {
        if block.allSatisfy({ $0 == 0 }) {
            position = .ending
            return isArchive
        }
        guard case .header = position, let header = ArchiveHeader(block) else { return false }
        isArchive = true
        var size = header.size
        if header.isRecords {
            records = []
        } else if header.isMember {
            size = header.hasContent ? recordedSize ?? size : 0
            recordedSize = nil
        }
        let blocks = size.dividedReportingOverflow(by: UInt64(Self.blockLength)).partialValue
        let padded = blocks.addingReportingOverflow(size % UInt64(Self.blockLength) == 0 ? 0 : 1).partialValue
        guard padded <= UInt64(Int64.max) / UInt64(Self.blockLength) else { return false }
        position = .content(left: padded * UInt64(Self.blockLength))
        return true
    }

    private mutating func takeContent(_ input: ByteBuffer, _ start: Int, _ count: Int) {
        guard let known = records, known.count < Self.longestRecords else { return }
        records?.append(contentsOf: input.readableBytesView.dropFirst(start).prefix(count))
    }

    private mutating func endContent() {
        position = .header
        if let records { recordedSize = ArchiveHeader.size(inRecords: records) ?? recordedSize }
        records = nil
    }
}

/// As much of a tar archive's header as tells how much content follows.
private struct ArchiveHeader {
    /// In bytes, without what fills its last block up.
    let size: UInt64
    private let type: UInt8

    /// True for records about the next member (pax).
    var isRecords: Bool { type == UInt8(ascii: "x") }
    /// False for records and for GNU's long names.
    var isMember: Bool { !"xgLK".utf8.contains(type) }
    /// A link, a folder or a device has none, whatever its header says.
    var hasContent: Bool { !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type) }

    init?(_ block: [UInt8]) {
        let checksum = 148..<156
        let sum = block.indices.reduce(0) { $0 + UInt64(checksum.contains($1) ? UInt8(ascii: " ") : block[$1]) }
        guard block[257..<262].elementsEqual("ustar".utf8), Self.number(block[checksum]) == sum,
            let size = Self.number(block[124..<136]), block[156] != UInt8(ascii: "S")
        else { return nil }
        self.size = size
        type = block[156]
    }

    /// Octal digits, or GNU's binary form; nil for anything else, and for what is below zero.
    private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
        if field.first.map({ $0 & 0x80 != 0 }) == true {
            guard field.first == 0x80, field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
            return field.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        return UInt64(String(decoding: digits, as: UTF8.self), radix: 8)
    }

    /// The `size` of pax's records, each `LENGTH NAME=VALUE` and a line feed; nil where there is none that can be read.
    static func size(inRecords bytes: [UInt8]) -> UInt64? {
        var rest = bytes[...]
        while let space = rest.firstIndex(of: UInt8(ascii: " ")),
            let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length > space - rest.startIndex + 1,
            length <= rest.count
        {
            let record = String(decoding: rest[(space + 1)..<(rest.startIndex + length - 1)], as: UTF8.self)
            if record.hasPrefix("size=") { return UInt64(record.dropFirst("size=".count)) }
            rest = rest.dropFirst(length)
        }
        return nil
    }
}
