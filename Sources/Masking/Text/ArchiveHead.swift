public import NIOCore

/// Tells an archive from text by its first block: kubectl's `cp` has a tar in the pod write one.
public enum ArchiveHead {
    private static let length = 512
    private static let checksum = 148..<156
    private static let magic = 257..<262

    /// Whether bytes from a stream's start begin a tar archive; nil where more of them are needed to know.
    public static func begins(_ bytes: ByteBuffer) -> Bool? {
        let block = bytes.readableBytesView.prefix(length)
        // No line ends before the block does: its texts end with NUL.
        if block.isEmpty || block.contains(UInt8(ascii: "\n")) { return block.isEmpty ? nil : false }
        return block.count < length ? nil : isHeader(Array(block))
    }

    /// POSIX.1-1988's magic, which GNU's tar and busybox's share, and the right sum of all bytes.
    private static func isHeader(_ block: [UInt8]) -> Bool {
        guard block[magic].elementsEqual("ustar".utf8) else { return false }
        let digits = block[checksum].drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        let sum = block.indices.reduce(0) { $0 + Int(checksum.contains($1) ? UInt8(ascii: " ") : block[$1]) }
        return Int(String(decoding: digits, as: UTF8.self), radix: 8) == sum
    }
}
