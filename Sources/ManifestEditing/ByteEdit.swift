/// A change to a document's bytes.
struct ByteEdit {
    let range: Range<Int>
    let inserted: [UInt8]

    static func insert(_ bytes: [UInt8], at offset: Int) -> ByteEdit {
        ByteEdit(range: offset..<offset, inserted: bytes)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The bytes with the edits made; they are in order and do not overlap.
    func applying(_ edits: [ByteEdit]) -> [UInt8] {
        var edited: [UInt8] = []
        edited.reserveCapacity(edits.reduce(count) { $0 + $1.inserted.count })
        var copied = 0
        for edit in edits {
            edited += self[copied..<edit.range.lowerBound]
            edited += edit.inserted
            copied = edit.range.upperBound
        }
        edited += self[copied...]
        return edited
    }
}
