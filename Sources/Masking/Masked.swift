public import NIOCore

/// Bytes that went through the masking rules: the only bytes that can be recorded in clear or sent to a caller. Nobody
/// but this target can make one.
public struct Masked: Sendable {
    public let bytes: ByteBuffer

    init(_ bytes: ByteBuffer) { self.bytes = bytes }

    /// Its first bytes, `length` of them at most.
    public func prefix(_ length: Int) -> Masked {
        guard length < bytes.readableBytes else { return self }
        return Masked(bytes.getSlice(at: bytes.readerIndex, length: max(0, length)) ?? ByteBuffer())
    }
}

/// Text that went through the masking rules: a path with its query, a header's value.
public struct MaskedText: Hashable, Sendable {
    public let text: String

    init(_ text: String) { self.text = text }

    /// Its first bytes, `length` of them at most, and a sign that it is cut.
    public func prefix(_ length: Int) -> MaskedText {
        guard text.utf8.count > length else { return self }
        return MaskedText(String(decoding: text.utf8.prefix(length), as: UTF8.self) + "…")
    }
}

/// A part of a body behind the masking rules. Caller and record get bytes of the same length, whose masks differ.
public struct MaskedPiece: Sendable {
    public let delivered: Masked
    public let recorded: Masked
    /// The bytes that it was made of, for their digest.
    public let received: ByteBuffer
    /// What was masked in it.
    public let maskings: [MaskedSecret]
    /// True where it is what was received, byte for byte.
    public let isUnchanged: Bool

    init(unchanged bytes: ByteBuffer = ByteBuffer()) {
        delivered = Masked(bytes)
        recorded = delivered
        received = bytes
        maskings = []
        isUnchanged = true
    }

    init(delivered: ByteBuffer, recorded: ByteBuffer, received: ByteBuffer, maskings: [MaskedSecret]) {
        self.delivered = Masked(delivered)
        self.recorded = Masked(recorded)
        self.received = received
        self.maskings = maskings
        isUnchanged = false
    }
}

/// One secret that was masked.
public struct MaskedSecret: Hashable, Sendable {
    /// The rule's or the detector's name.
    public let rule: String
    /// Where its mask stands in what is recorded, and how long that is.
    public let offset: UInt64
    public let length: UInt64
    /// What stood there, as it was spelled; nil where it was too long to be kept.
    public let original: [UInt8]?
}
