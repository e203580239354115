public import NIOCore

/// What one body goes through.
public enum BodyMasker {
    /// Nothing is looked at.
    case open
    case json(JSONMasker)
    case text(TextMasker)
    /// What calls itself JSON behind a proxy, as kubelet calls all it says: JSON where it begins as such, else text.
    case proxied(JSONMasker, TextMasker)
    /// A request's, for the record.
    case whole(WholeBody)

    public mutating func consume(_ bytes: ByteBuffer) throws(MaskingFault) -> MaskedPiece {
        switch self {
        case .open: return MaskedPiece(unchanged: bytes)
        case .json(var masker):
            // Given back before it works, so that it is not copied.
            self = .open
            let piece = try masker.consume(bytes)
            self = .json(masker)
            return piece
        case .text(var masker):
            self = .open
            defer { self = .text(masker) }
            return masker.consume(bytes)
        case .proxied(let json, let text):
            guard let first = bytes.readableBytesView.first(where: { !$0.isSpace }) else {
                // White space alone tells nothing, and is part of either.
                if bytes.readableBytes > 0 { self = .text(text) }
                return try bytes.readableBytes > 0 ? consume(bytes) : MaskedPiece()
            }
            self = first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .json(json) : .text(text)
            return try consume(bytes)
        case .whole(var body):
            self = .open
            let piece = try body.consume(bytes)
            self = .whole(body)
            return piece
        }
    }

    public mutating func finish() throws(MaskingFault) -> MaskedPiece {
        switch self {
        case .open: return MaskedPiece()
        case .json(var masker): return try masker.finish()
        case .text(var masker): return masker.finish()
        case .proxied: return MaskedPiece()
        case .whole(var body): return try body.finish()
        }
    }

    /// True where something is held back that `release` may give.
    public var holdsBack: Bool {
        if case .text(let masker) = self { masker.holdsBack } else { false }
    }

    /// Gives what a line's end was awaited for. Where `isLate`, the beginning of a secret is not waited for
    /// any longer.
    public mutating func release(isLate: Bool) -> MaskedPiece {
        guard case .text(var masker) = self else { return MaskedPiece() }
        self = .open
        defer { self = .text(masker) }
        return isLate ? masker.finish() : masker.release()
    }

    /// True where the answer may be changed, so that its length is not known before.
    public var mayChange: Bool { if case .open = self { false } else { true } }
}
