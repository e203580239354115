import CZlib

/// Inflates a gzip body (RFC 1952) that arrives in pieces, a bounded piece of clear bytes at a time.
public struct GzipReader: ~Copyable {
    /// What an input gave.
    public enum Piece: Hashable, Sendable {
        case clear([UInt8])
        /// It is no gzip, from somewhere in these bytes on.
        case damaged([UInt8])
    }

    private static let pieceLength = 64 << 10
    /// What a byte usually gives, and more: little input takes little memory.
    private static let usualRatio = 16
    /// Of the window: 15, and gzip's own frame around it.
    private static let windowBits: Int32 = 15 + 16

    /// On the heap, because zlib remembers its address.
    private let stream: UnsafeMutablePointer<z_stream>
    private var isDamaged = false
    /// What came before anything could be inflated: it may yet turn out to be no gzip.
    private var unproven: [UInt8] = []
    private var isProven = false
    /// True where a member has ended and no other has begun.
    private var isBetweenMembers = false

    /// Returns nil where there is no memory for the window.
    public init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// True where the body could end here.
    public var isWhole: Bool { isBetweenMembers && !isDamaged }

    /// Reads the next input and gives out what it holds.
    public mutating func read(_ input: [UInt8], _ give: (Piece) -> Void) {
        if isDamaged { return give(.damaged(input)) }
        if !isProven { unproven += input }
        var input = input
        input.withUnsafeMutableBufferPointer { buffer in
            stream.pointee.next_in = buffer.baseAddress
            stream.pointee.avail_in = UInt32(clamping: buffer.count)
            while inflate(give) {}
            stream.pointee.next_in = nil
            stream.pointee.avail_in = 0
        }
        if isDamaged || unproven.count > Self.pieceLength {
            isDamaged = true
            give(.damaged(isProven ? input : unproven))
        }
        if isProven || isDamaged { unproven = [] }
    }

    /// Ends the body: gives out what came of one that was cut before anything could be inflated.
    public mutating func end(_ give: (Piece) -> Void) {
        if !isWhole, !unproven.isEmpty { give(.damaged(unproven)) }
        unproven = []
    }

    /// Gives out a piece; false where the input is used up or damaged.
    private mutating func inflate(_ give: (Piece) -> Void) -> Bool {
        if isBetweenMembers {
            guard stream.pointee.avail_in > 0 else { return false }
            inflateReset(stream)
            isBetweenMembers = false
        }
        var result = Z_OK
        let room = min(Self.pieceLength, max(512, Int(stream.pointee.avail_in) * Self.usualRatio))
        let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            stream.pointee.next_out = buffer.baseAddress
            stream.pointee.avail_out = UInt32(clamping: room)
            result = CZlib.inflate(stream, Z_NO_FLUSH)
            count = room - Int(stream.pointee.avail_out)
            stream.pointee.next_out = nil
        }
        if !piece.isEmpty {
            isProven = true
            give(.clear(piece))
        }
        switch result {
        case Z_OK: return stream.pointee.avail_in > 0 || piece.count == room
        case Z_STREAM_END:
            isBetweenMembers = true
            return true
        case Z_BUF_ERROR: return false
        default:
            isDamaged = true
            return false
        }
    }
}
