/// One header of a tar archive: a block of 512 bytes (POSIX.1-1988 ustar, and what GNU tar makes of it).
struct TarHeader {
    static let blockLength = 512

    /// What the block is for.
    enum Purpose {
        case member(TarMember.Kind)
        /// What follows are records about the next member (pax).
        case records
        /// What follows are records about all members; none of them is used.
        case globalRecords
        /// What follows is the next member's name (GNU).
        case longPath
        /// What follows is what the next member leads to (GNU).
        case longTarget
        case sparse
    }

    let purpose: Purpose
    let path: String
    let target: String
    let mode: Int
    /// Bytes of content that follow, before they are filled up to whole blocks.
    let size: UInt64

    /// Reads a block of 512 bytes; where it stands is for the fault.
    init(_ block: [UInt8], at offset: UInt64) throws(TarFault) {
        guard Self.isHeader(block) else { throw .notAMember(offset: offset) }
        guard let size = Self.number(block[124..<136]), size <= Int64.max else { throw .impossible(offset: offset) }
        purpose = Self.purpose(block[156])
        // A link, a folder or a device has no content, whatever its header says, as Go's reader has it.
        switch purpose {
        case .member(.file), .member(.other): self.size = size
        case .member: self.size = 0
        default: self.size = size
        }
        mode = Self.number(block[100..<108]).flatMap { Int(exactly: $0 & 0o7777) } ?? 0
        target = Self.text(block[157..<257])
        let name = Self.text(block[0..<100])
        let prefix = Array(block[257..<263]) == Array("ustar\0".utf8) ? Self.text(block[345..<500]) : ""
        path = prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    /// True where a block's checksum is right and it is not empty: hardly anything but a header.
    static func isHeader(_ block: [UInt8]) -> Bool {
        guard block.count == blockLength, block[0] != 0, let stated = number(block[148..<156]) else { return false }
        var unsigned: UInt64 = 0
        var signed: Int64 = 0
        for (index, byte) in block.enumerated() {
            let byte = (148..<156).contains(index) ? UInt8(ascii: " ") : byte
            unsigned += UInt64(byte)
            signed += Int64(Int8(bitPattern: byte))
        }
        return stated == unsigned || Int64(exactly: stated) == signed
    }

    private static func purpose(_ type: UInt8) -> Purpose {
        switch type {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .member(.file)
        case UInt8(ascii: "1"): .member(.hardLink)
        case UInt8(ascii: "2"): .member(.symbolicLink)
        case UInt8(ascii: "3"), UInt8(ascii: "4"): .member(.device)
        case UInt8(ascii: "5"): .member(.directory)
        case UInt8(ascii: "6"): .member(.fifo)
        case UInt8(ascii: "x"): .records
        case UInt8(ascii: "g"): .globalRecords
        case UInt8(ascii: "L"): .longPath
        case UInt8(ascii: "K"): .longTarget
        case UInt8(ascii: "S"): .sparse
        default: .member(.other)
        }
    }

    /// The text up to the first NUL.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits, or GNU's binary form; nil for anything else, and for what is below zero.
    private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
        if let first = field.first, first & 0x80 != 0 {
            var value = UInt64(first & 0x7F)
            for byte in field.dropFirst() {
                guard value < 1 << 56 else { return nil }
                value = value << 8 | UInt64(byte)
            }
            return value
        }
        var value: UInt64 = 0
        for byte in field.drop(while: { $0 == UInt8(ascii: " ") }) {
            if byte == 0 || byte == UInt8(ascii: " ") { break }
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) else { return nil }
            value = value << 3 | UInt64(byte - UInt8(ascii: "0"))
        }
        return value
    }
}
