import Crypto
public import Vocabulary

/// Tokens that were verified on one event loop, until they end, so that the next request with the same token needs no
/// signature check. Keyed by the token's SHA-256: neither a token nor a way to compare one byte by byte is kept.
public struct TokenCache {
    private static let capacity = 4_096
    private var entries: [SHA256.Digest: VerifiedToken] = [:]

    public init() {}

    /// The verified token, unless it has ended.
    public mutating func lookup(_ bearer: String, now: Timestamp) -> VerifiedToken? {
        let key = Self.key(bearer)
        guard let token = entries[key] else { return nil }
        guard now < token.expiration else {
            entries[key] = nil
            return nil
        }
        return token
    }

    public mutating func insert(_ token: VerifiedToken, for bearer: String) {
        if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
        entries[Self.key(bearer)] = token
    }

    private static func key(_ bearer: String) -> SHA256.Digest {
        var bearer = bearer
        return bearer.withUTF8 { bytes in
            var digest = SHA256()
            digest.update(bufferPointer: UnsafeRawBufferPointer(bytes))
            return digest.finalize()
        }
    }
}
