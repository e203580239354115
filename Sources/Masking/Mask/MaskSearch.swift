public import NIOCore

/// Looks for our own masks in a body that comes in pieces: a write that holds one would put the mask in the secret's
/// place.
public struct MaskSearch {
    private static let filter = AnchorFilter(
        [Mask.prefix, Mask.base64Prefix].map {
            AnchorFilter.Anchor(text: Array($0.utf8), foldsCase: false, detector: 0)
        })
    private var tail: [UInt8] = []

    public init() {}

    /// Takes the next bytes.
    ///
    /// - Returns: true where a mask begins in them, or was cut by their beginning.
    public mutating func finds(in bytes: ByteBuffer) -> Bool {
        let reach = Self.filter.reach - 1
        var isFound = false
        let end = bytes.withUnsafeReadableBytes { bytes -> [UInt8] in
            let joint = tail + bytes.prefix(reach)
            joint.withUnsafeBytes { Self.filter.forEachMatch(in: $0, from: 0) { _, _ in isFound = true } }
            Self.filter.forEachMatch(in: bytes, from: 0) { _, _ in isFound = true }
            return Array((bytes.count >= reach ? [] : tail) + bytes.suffix(reach)).suffix(reach)
        }
        tail = Array(end.suffix(reach))
        return isFound
    }
}
