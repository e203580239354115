import CurlTransport
import NIOHTTP1
import Tagging
import Vocabulary

/// A request as the shim sends it on: the caller's, without what belongs to this hop, with the gateway's token and the
/// byline of the moment.
enum ShimRequest {
    private static let ended: Set<String> = [
        "authorization", "baggage", "connection", "content-length", "expect", "host", "keep-alive",
        "proxy-authenticate",
        "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    static func isUpgrade(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "upgrade")
            && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    }

    static func headers(_ head: HTTPRequestHead, _ token: GatewaySession.Token, _ context: AgentContext) -> [(
        name: String, value: String
    )] {
        let named = Set(head.headers[canonicalForm: "connection"].map { $0.lowercased() })
        var headers: [(name: String, value: String)] = []
        for (name, value) in head.headers {
            let key = name.lowercased()
            if !ended.contains(key), !named.contains(key) { headers.append((name, value)) }
        }
        headers.append(("Authorization", token.authorization))
        let byline = context.byline
        if !byline.isEmpty { headers.append((Baggage.headerName, Baggage.encode(byline))) }
        if let traceparent = context.traceparent, !head.headers.contains(name: Traceparent.headerName) {
            headers.append((Traceparent.headerName, traceparent.value))
        }
        return headers
    }

    static func transport(_ head: HTTPRequestHead, _ token: GatewaySession.Token, _ context: AgentContext)
        -> TransportRequest
    {
        let body: TransportRequest.Body
        if let length = head.headers.first(name: "content-length").flatMap(Int64.init) {
            body = .stream(length: length)
        } else {
            body = head.headers.contains(name: "transfer-encoding") ? .stream(length: nil) : .none
        }
        var request = TransportRequest(
            method: head.method.rawValue, url: url(head, token), headers: headers(head, token, context), body: body,
            trust: token.trust)
        request.clientCertificate = token.clientCertificate
        return request
    }

    static func hasBody(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "content-length") || head.headers.contains(name: "transfer-encoding")
    }

    static func url(_ head: HTTPRequestHead, _ token: GatewaySession.Token) -> String { "\(token.gateway)\(head.uri)" }

    /// An upgrade request as bytes: libcurl makes the connection, the HTTP on it is ours.
    static func upgradeBytes(_ head: HTTPRequestHead, _ token: GatewaySession.Token, _ context: AgentContext) -> [UInt8]
    {
        let rest = token.gateway.dropFirst("https://".count)
        let authority = rest.prefix { $0 != "/" }
        var text =
            "\(head.method.rawValue) \(rest.dropFirst(authority.count))\(head.uri) HTTP/1.1\r\nHost: \(authority)\r\n"
        for (name, value) in headers(head, token, context) { text += "\(name): \(value)\r\n" }
        text += "Connection: Upgrade\r\nUpgrade: \(head.headers.first(name: "upgrade") ?? "")\r\n"
        if let length = head.headers.first(name: "content-length") { text += "Content-Length: \(length)\r\n" }
        return Array((text + "\r\n").utf8)
    }
}
