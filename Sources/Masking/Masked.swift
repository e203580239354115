public import NIOCore

/// Bytes that went through the masking rules: the only bytes that can be recorded in clear or sent to a caller. Nobody
/// but this target can make one.
public struct Masked: Sendable {
    public let bytes: ByteBuffer

    init(_ bytes: ByteBuffer) { self.bytes = bytes }
}

/// Text that went through the masking rules: a path with its query, a header's value.
public struct MaskedText: Hashable, Sendable {
    public let text: String

    init(_ text: String) { self.text = text }
}
