import Vocabulary

/// Which headers the record keeps, and how: an allow-list, since a header nobody thought of may hold a secret.
public enum RecordedHeaders {
    private static let allowed = NameSet([
        "accept", "accept-encoding", "baggage", "connection", "content-encoding", "content-length", "content-type",
        "expect", "kubectl-command", "kubectl-session", "location", "range", "retry-after", "sec-websocket-protocol",
        "sec-websocket-version", "traceparent", "transfer-encoding", "upgrade", "user-agent", "warning",
        "x-kubernetes-pf-flowschema-uid", "x-kubernetes-pf-prioritylevel-uid", "x-stream-protocol-version",
    ])

    /// A bearer token travels in this header as one of the offered protocols, where a browser cannot set another.
    private static let bearerProtocol = "base64url.bearer.authorization.k8s.io."

    /// The headers to record: name in lower case, value masked; the others are left away.
    @inlinable
    public static func record(_ headers: some Sequence<(name: String, value: String)>) -> [(String, MaskedText)] {
        var recorded: [(String, MaskedText)] = []
        for (name, value) in headers {
            if let header = record(name: name, value: value) { recorded.append(header) }
        }
        return recorded
    }

    @usableFromInline
    static func record(name: String, value: String) -> (String, MaskedText)? {
        guard let name = allowed.find(name) else { return nil }
        return (name, MaskedText(name == "sec-websocket-protocol" ? withoutBearer(value) : value))
    }

    private static func withoutBearer(_ value: String) -> String {
        guard value.lowercased().contains(bearerProtocol) else { return value }
        // RFC 9110, §5.6.1: commas and any white space stand between the elements of a list.
        let offered = value.split { $0 == "," || $0.isWhitespace }.map { name in
            name.lowercased().contains(bearerProtocol) ? bearerProtocol + "masked" : String(name)
        }
        return offered.joined(separator: ", ")
    }
}
