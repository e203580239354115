import Forwarding
import NIOHTTP1
import Vocabulary

/// An API server's response headers as the caller gets them: what belongs to one hop is left away.
enum ResponseHeaders {
    private static let ended = NameSet([
        "connection", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "transfer-encoding", "upgrade",
    ])

    static func forwarded(_ headers: HTTPHeaders, isUpgraded: Bool) -> HTTPHeaders {
        let connection = ConnectionOptions(headers)
        var forwarded = HTTPHeaders()
        forwarded.reserveCapacity(headers.count + 2)
        for (name, value) in headers where !ended.contains(name) && !connection.ends(name) {
            forwarded.add(name: name, value: value)
        }
        if isUpgraded, let upgrade = headers.first(name: "upgrade") {
            forwarded.add(name: "Connection", value: "Upgrade")
            forwarded.add(name: "Upgrade", value: upgrade)
        }
        return forwarded
    }
}
