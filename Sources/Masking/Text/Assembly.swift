import NIOCore

/// Puts masks into bytes: for the caller with one key, for the record with another.
struct Assembly {
    /// Where in what is recorded the next byte goes.
    private var position = 0

    mutating func apply(_ edits: [Edit], to bytes: ByteBuffer) -> MaskedPiece {
        guard !edits.isEmpty else {
            position += bytes.readableBytes
            return MaskedPiece(unchanged: bytes)
        }
        var delivered = ByteBuffer()
        delivered.reserveCapacity(bytes.readableBytes + edits.count * 128)
        var recorded = ByteBuffer()
        recorded.reserveCapacity(bytes.readableBytes + edits.count * 128)
        var maskings: [MaskedSecret] = []
        var copied = 0
        func copy(to place: Int) {
            guard place > copied,
                let piece = bytes.getSlice(at: bytes.readerIndex + copied, length: place - copied)
            else { return }
            delivered.writeImmutableBuffer(piece)
            recorded.writeImmutableBuffer(piece)
        }
        for edit in edits {
            copy(to: edit.range.lowerBound)
            copied = edit.range.upperBound
            guard let masks = edit.masks else { continue }
            let replacement = edit.replacement(masks.recorded)
            maskings.append(
                MaskedSecret(
                    rule: edit.rule, offset: UInt64(position + recorded.readableBytes),
                    length: UInt64(replacement.count), original: edit.original))
            delivered.writeBytes(edit.replacement(masks.delivered))
            recorded.writeBytes(replacement)
        }
        copy(to: bytes.readableBytes)
        position += recorded.readableBytes
        return MaskedPiece(delivered: delivered, recorded: recorded, received: bytes, maskings: maskings)
    }
}
