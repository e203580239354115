import CCRC32C

/// CRC-32C (Castagnoli, RFC 3720 §12.1): by the processor's instruction where it has one, else by tables.
enum CRC32C {
    /// Eight tables of 256: table k gives the checksum of a byte followed by k zero bytes.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
            tables[byte] = value
        }
        for table in 1..<8 {
            for byte in 0..<256 {
                let previous = tables[(table - 1) * 256 + byte]
                tables[table * 256 + byte] = previous >> 8 ^ tables[Int(previous & 0xFF)]
            }
        }
        return tables
    }()

    /// The checksum of bytes, or of `first` and the bytes behind it.
    static func checksum(_ bytes: UnsafeRawBufferPointer, after first: UInt8? = nil) -> UInt32 {
        guard byline_crc32c_is_available() else { return byTables(bytes, after: first) }
        var state = ~UInt32(0)
        if let first { state = withUnsafeBytes(of: first) { byline_crc32c(state, $0.baseAddress, 1) } }
        return ~byline_crc32c(state, bytes.baseAddress, bytes.count)
    }

    /// The same without the instruction, eight bytes a step.
    static func byTables(_ bytes: UnsafeRawBufferPointer, after first: UInt8? = nil) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var crc = ~UInt32(0)
            if let first { crc = crc >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc) ^ first)] }
            var offset = 0
            while offset + 8 <= bytes.count {
                let word =
                    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) ^ UInt64(crc)
                crc = tables[7 * 256 + Int(word & 0xFF)] ^ tables[6 * 256 + Int(word >> 8 & 0xFF)]
                crc ^= tables[5 * 256 + Int(word >> 16 & 0xFF)] ^ tables[4 * 256 + Int(word >> 24 & 0xFF)]
                crc ^= tables[3 * 256 + Int(word >> 32 & 0xFF)] ^ tables[2 * 256 + Int(word >> 40 & 0xFF)]
                crc ^= tables[256 + Int(word >> 48 & 0xFF)] ^ tables[Int(word >> 56)]
                offset += 8
            }
            while offset < bytes.count {
                crc = crc >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[offset])]
                offset += 1
            }
            return ~crc
        }
    }
}
