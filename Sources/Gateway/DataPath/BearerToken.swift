import NIOHTTP1

/// The bearer token of a request (RFC 6750 §2.1).
enum BearerToken {
    /// Returns nil where there is none, or more than one Authorization header.
    static func read(_ headers: HTTPHeaders) -> String? {
        let values = headers["authorization"]
        guard values.count == 1, let value = values.first else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}
