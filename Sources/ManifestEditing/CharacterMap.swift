/// Turns a parser's positions into bytes: libyaml counts code points.
struct CharacterMap {
    private static let stride = 512
    /// The byte of every 512th code point; empty where units are bytes.
    private let checkpoints: [Int]
    private let bytes: UnsafeBufferPointer<UInt8>

    /// For a parser that counts bytes.
    init(ofBytes bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        checkpoints = []
    }

    /// For a parser that counts code points.
    init(ofCodePoints bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        var mapped: [Int] = []
        if !bytes.isASCII {
            var codePoints = 0
            for (offset, byte) in bytes.enumerated() where !Self.continues(byte) {
                if codePoints % Self.stride == 0 { mapped.append(offset) }
                codePoints += 1
            }
        }
        checkpoints = mapped
    }

    func byte(_ unit: Int) -> Int {
        guard !checkpoints.isEmpty else { return min(unit, bytes.count) }
        let checkpoint = min(unit / Self.stride, checkpoints.count - 1)
        var codePoints = unit - checkpoint * Self.stride
        var offset = checkpoints[checkpoint]
        while codePoints > 0, offset < bytes.count {
            offset += 1
            while offset < bytes.count, Self.continues(bytes[offset]) { offset += 1 }
            codePoints -= 1
        }
        return offset
    }

    func byte(_ position: EditFault.Position) -> Int {
        switch position {
        case .unit(let unit): byte(unit)
        case .byte(let byte): min(byte, bytes.count)
        }
    }

    /// The line and column of a byte, where the text begins on `line`.
    func place(ofByte byte: Int, firstLine line: Int) -> ManifestPlace {
        let before = bytes[..<byte]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let lines = before.lazy.filter { $0 == 0x0A }.count
        let column = before[lineStart...].lazy.filter { !Self.continues($0) }.count
        return ManifestPlace(line: line + lines, column: column + 1)
    }

    private static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
