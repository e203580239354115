import CurlTransport
import NIOHTTP1

/// A gateway's response headers as the caller gets them.
enum ShimResponse {
    private static let ended: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade",
    ]

    static func headers(_ head: TransportHead) -> HTTPHeaders {
        HTTPHeaders(head.headers.filter { !ended.contains($0.name.lowercased()) }.map { ($0.name, $0.value) })
    }
}
