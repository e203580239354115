import CZstd

/// Zstandard (RFC 8878), a buffer at a time.
enum Zstd {
    /// The level at which pod lists shrink about as far as they will, at hundreds of megabytes a second.
    static let level: Int32 = 3

    /// Compresses to one frame, which says how long the content is and has its checksum; nil only without memory.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard let context = ZSTD_createCCtx() else { return nil }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        return filled(upTo: ZSTD_compressBound(bytes.count)) { target in
            ZSTD_compress2(context, target.baseAddress, target.count, bytes, bytes.count)
        }
    }

    /// The content of one frame; nil where it is none, is damaged, or is longer than `limit`.
    static func decompress(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        // An unknown length and an error are told as the two largest numbers.
        let length = ZSTD_getFrameContentSize(bytes, bytes.count)
        guard length <= UInt64(limit) else { return nil }
        let content = filled(upTo: Int(length)) { target in
            ZSTD_decompress(target.baseAddress, target.count, bytes, bytes.count)
        }
        return content?.count == Int(length) ? content : nil
    }

    private static func filled(upTo count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Int) -> [UInt8]? {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            let written = fill(target)
            failed = ZSTD_isError(written) != 0
            initialized = failed ? 0 : written
        }
        return failed ? nil : bytes
    }
}
