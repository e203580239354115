import CZlib

/// Inflates the header blocks of one direction of a SPDY connection: one zlib stream through all of them. The output is
/// bounded, whatever a block claims.
struct HeaderInflater: ~Copyable {
    /// The longest header block, in bytes once inflated. Kubernetes' own have about a hundred.
    static let maximumLength = 64 << 10

    /// On the heap, because zlib remembers its address; made for the first block.
    private var stream: UnsafeMutablePointer<z_stream>?

    init() {}

    deinit {
        guard let stream else { return }
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The next header block in clear.
    mutating func inflate(_ block: ArraySlice<UInt8>) throws(StreamFault) -> [UInt8] {
        guard let stream = opened() else { throw .spdyHeaders }
        var input = [UInt8](block)
        var output: [UInt8] = []
        let isWhole = input.withUnsafeMutableBufferPointer { buffer in
            stream.pointee.next_in = buffer.baseAddress
            stream.pointee.avail_in = UInt32(clamping: buffer.count)
            defer {
                stream.pointee.next_in = nil
                stream.pointee.avail_in = 0
            }
            return Self.drain(stream, into: &output)
        }
        guard isWhole else { throw .spdyHeaders }
        return output
    }

    /// Inflates until the input is used up; false where it is not zlib or too much comes out.
    private static func drain(_ stream: UnsafeMutablePointer<z_stream>, into output: inout [UInt8]) -> Bool {
        let size = 4_096
        while true {
            var result = Z_OK
            let piece = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(clamping: size)
                result = CZlib.inflate(stream, Z_SYNC_FLUSH)
                count = size - Int(stream.pointee.avail_out)
                stream.pointee.next_out = nil
            }
            output += piece
            guard output.count <= maximumLength else { return false }
            switch result {
            case Z_NEED_DICT:
                let dictionary = SPDYDictionary.bytes
                guard inflateSetDictionary(stream, dictionary, UInt32(clamping: dictionary.count)) == Z_OK else {
                    return false
                }
            case Z_OK: if stream.pointee.avail_in == 0, piece.count < size { return true }
            // No progress: the input was used up in the round before.
            case Z_BUF_ERROR: return stream.pointee.avail_in == 0
            default: return false
            }
        }
    }

    private mutating func opened() -> UnsafeMutablePointer<z_stream>? {
        if let stream { return stream }
        let fresh = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        fresh.initialize(to: z_stream())
        guard inflateInit_(fresh, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            fresh.deallocate()
            return nil
        }
        stream = fresh
        return fresh
    }
}
