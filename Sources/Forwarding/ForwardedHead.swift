import Authentication
public import KubernetesWire
public import NIOHTTP1
import Vocabulary

/// A request's head as the API server gets it: what belongs to one hop, and what would let a caller speak as someone
/// else, ends here.
public struct ForwardedHead: Sendable {
    var head: HTTPRequestHead
    /// True where the caller asks for another protocol: WebSocket or SPDY.
    public let isUpgrade: Bool

    /// Headers that belong to one connection (RFC 9110 §7.6.1), or that the gateway sets itself; and the offer to compress
    /// a WebSocket's messages, which the record could not read then.
    private static let ended = NameSet([
        "audit-id", "authorization", "baggage", "byline-attestation", "connection", "cookie", "expect", "forwarded",
        "host", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
        "sec-websocket-extensions",
        "te", "trailer", "transfer-encoding", "upgrade", "x-real-ip",
    ])
    /// Prefixes by which a front proxy tells an API server who speaks; and of what means nothing without an upgrade.
    private static let endedPrefixes = NameSet(["impersonate-", "x-remote-", "x-forwarded-", "sec-websocket-"])
    private static let webSocket = NameSet(["sec-websocket-"])
    private static let webSocketProtocol = NameSet(["sec-websocket-protocol"])
    /// An API server takes a bearer token from this WebSocket protocol as well.
    private static let bearerProtocol = "base64url.bearer.authorization.k8s.io."

    /// - Parameters:
    ///   - head: as the caller sent it.
    ///   - target: path and query as policy judged them.
    ///   - hasBody: whether body bytes or trailers may follow.
    ///   - mayUpgrade: whether the caller may ask for another protocol here. Where not, what asks for one ends at the gateway
    ///     and the request goes on as a plain one.
    public init(_ head: HTTPRequestHead, target: RequestTarget, hasBody: Bool, mayUpgrade: Bool) {
        let connection = ConnectionOptions(head.headers)
        isUpgrade = mayUpgrade && head.headers.contains(name: "upgrade") && connection.contains("upgrade")
        var headers = HTTPHeaders()
        headers.reserveCapacity(head.headers.count + 4)
        for (name, value) in head.headers {
            guard !Self.ended.contains(name), !connection.ends(name) else { continue }
            if Self.endedPrefixes.containsPrefix(of: name), !(isUpgrade && Self.webSocket.containsPrefix(of: name)) {
                continue
            }
            guard Self.webSocketProtocol.contains(name) else {
                headers.add(name: name, value: value)
                continue
            }
            if let offered = Self.withoutBearer(value) { headers.add(name: name, value: offered) }
        }
        if isUpgrade, let upgrade = head.headers.first(name: "upgrade") {
            headers.add(name: "Connection", value: "Upgrade")
            headers.add(name: "Upgrade", value: upgrade)
        }
        if hasBody, !headers.contains(name: "content-length") {
            headers.add(name: "Transfer-Encoding", value: "chunked")
        }
        self.head = HTTPRequestHead(version: .http1_1, method: head.method, uri: target.text, headers: headers)
    }

    private static func withoutBearer(_ value: String) -> String? {
        // RFC 9110, §5.6.1: commas and any white space stand between the elements of a list.
        let offered = value.split { $0 == "," || $0.isWhitespace }.filter {
            !$0.lowercased().contains(bearerProtocol)
        }
        return offered.isEmpty ? nil : offered.joined(separator: ", ")
    }

    /// True where the request may be sent a second time if a kept-alive connection turns out to be closed: it changes
    /// nothing and has no body that has been given away.
    var isRepeatable: Bool {
        (head.method == .GET || head.method == .HEAD) && !isUpgrade
            && !head.headers.contains(name: "content-length") && !head.headers.contains(name: "transfer-encoding")
    }

    /// Addresses the head to the cluster, with the gateway's own credential and the exchange's id.
    mutating func address(to upstream: Upstream, exchange: ExchangeID, caller: Authenticated) throws(UpstreamFault) {
        if !upstream.address.pathPrefix.isEmpty { head.uri = upstream.address.pathPrefix + head.uri }
        head.headers.add(name: "Host", value: upstream.address.authority)
        head.headers.add(name: "Audit-ID", value: exchange.description)
        if let authorization = try upstream.credential.authorization() {
            head.headers.add(name: "Authorization", value: authorization)
        }
        if upstream.impersonatesCaller { Impersonation.add(caller, to: &head.headers) }
    }
}
