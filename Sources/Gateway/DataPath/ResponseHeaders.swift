import NIOHTTP1

/// An API server's response headers as the caller gets them: what belongs to one hop is left away.
enum ResponseHeaders {
    private static let ended: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "transfer-encoding", "upgrade",
    ]

    static func forwarded(_ headers: HTTPHeaders, isUpgraded: Bool) -> HTTPHeaders {
        let named = Set(headers[canonicalForm: "connection"].map { $0.lowercased() })
        var forwarded = HTTPHeaders()
        for (name, value) in headers {
            let key = name.lowercased()
            if !ended.contains(key), !named.contains(key) || key == "content-length" {
                forwarded.add(name: name, value: value)
            }
        }
        if isUpgraded, let upgrade = headers.first(name: "upgrade") {
            forwarded.add(name: "Connection", value: "Upgrade")
            forwarded.add(name: "Upgrade", value: upgrade)
        }
        return forwarded
    }
}
