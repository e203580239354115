import Crypto
public import Vocabulary

/// Something that was verified and ends at a moment.
public protocol Expiring {
    var expiration: Timestamp { get }
}

/// What signed texts were found to say, on one event loop, until they end, so that the next request with the same text
/// needs no signature check. Keyed by the text's SHA-256: neither a token nor a way to compare one byte by byte is kept.
public struct VerifiedCache<Verified: Expiring> {
    private static var capacity: Int { 4_096 }
    private var entries: [SHA256.Digest: Verified] = [:]

    public init() {}

    /// What the text says, unless it has ended.
    public mutating func lookup(_ text: String, now: Timestamp) -> Verified? {
        let key = Self.key(text)
        guard let verified = entries[key] else { return nil }
        guard now < verified.expiration else {
            entries[key] = nil
            return nil
        }
        return verified
    }

    public mutating func insert(_ verified: Verified, for text: String) {
        if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
        entries[Self.key(text)] = verified
    }

    private static func key(_ text: String) -> SHA256.Digest {
        var text = text
        return text.withUTF8 { bytes in
            var digest = SHA256()
            digest.update(bufferPointer: UnsafeRawBufferPointer(bytes))
            return digest.finalize()
        }
    }
}
