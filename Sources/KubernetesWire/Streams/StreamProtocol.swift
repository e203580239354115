import Vocabulary

/// What two ends agreed to speak through an upgraded connection.
public enum StreamProtocol: Hashable, Sendable {
    /// SPDY/3.1: exec, attach and port-forward alike, since each stream says what it is for.
    case spdy
    /// SPDY/3.1 inside a WebSocket's messages (KEP-4006, port-forward).
    case spdyInWebSocket
    /// A WebSocket whose messages begin with a channel's number.
    case channels(ChannelLayout)

    /// True where what a command prints can be exchanged on its way; see `StreamDecoder`. A port-forward has no such channel.
    public var carriesOutput: Bool {
        switch self {
        case .spdy: true
        case .spdyInWebSocket: false
        case .channels(let layout): layout.purpose == .remoteCommand
        }
    }

    /// The headers of the answer 101 that tell what was agreed; the request's are offers only.
    public struct Answer: Hashable, Sendable {
        /// `Upgrade`.
        public let upgrade: String?
        /// `Sec-WebSocket-Protocol`.
        public let subprotocol: String?

        public init(upgrade: String?, subprotocol: String?) {
            self.upgrade = upgrade
            self.subprotocol = subprotocol
        }
    }

    /// What will be spoken after a 101; nil where it is nothing that can be read, so that the bytes stay raw. What
    /// decides are the answer and the path: no other header of the caller's.
    ///
    /// - Parameters:
    ///   - info: the request.
    ///   - query: its query, which names the ports of a WebSocket's port-forward.
    ///   - answer: the headers of the 101.
    public init?(info: RequestInfo, query: String?, answer: Answer) {
        switch answer.upgrade?.lowercased() {
        case "spdy/3.1": self = .spdy
        case "websocket":
            let word = answer.subprotocol ?? ""
            if word.lowercased().hasPrefix("spdy/3.1+") {
                self = .spdyInWebSocket
                return
            }
            guard let subprotocol = Subprotocol(word, isOptional: info.isStream || info.isKubeletStream) else {
                return nil
            }
            let purpose: ChannelLayout.Purpose =
                info.isPortForward ? .portForward(info.ports(in: query ?? "")) : .remoteCommand
            self = .channels(
                ChannelLayout(
                    purpose, isBase64: subprotocol.isBase64, closesChannels: subprotocol.version >= 5))
        default: return nil
        }
    }
}

/// `[vN.][base64.]channel.k8s.io`, in any version.
private struct Subprotocol {
    var version = 1
    var isBase64 = false

    /// Without a word, what the API server and kubelet take exec, attach and port-forward to speak.
    init?(_ word: String, isOptional: Bool) {
        if word.isEmpty, isOptional { return }
        var rest = word[...]
        if rest.first == "v", let dot = rest.firstIndex(of: ".") {
            guard let version = Int(rest[rest.index(after: rest.startIndex)..<dot]) else { return nil }
            self.version = version
            rest = rest[rest.index(after: dot)...]
        }
        if rest.hasPrefix("base64.") {
            isBase64 = true
            rest = rest.dropFirst("base64.".count)
        }
        guard rest == "channel.k8s.io" else { return nil }
    }
}

extension RequestInfo {
    /// True for an exec or attach, be it the API server's or kubelet's behind a node's proxy.
    public var runsCommand: Bool { (isStream || isKubeletStream) && !isPortForward }

    /// True for the API server's own exec, attach and port-forward.
    fileprivate var isStream: Bool {
        isResourceRequest && resource == "pods" && ["exec", "attach", "portforward"].contains(subresource)
    }

    /// True for kubelet's own, behind `nodes/proxy`: `/exec/NAMESPACE/POD/CONTAINER` and the like.
    fileprivate var isKubeletStream: Bool {
        guard isResourceRequest, resource == "nodes", subresource == "proxy" else { return false }
        return ["exec", "attach", "portforward"].contains(proxiedWord)
    }

    /// The first word of the path behind a proxy subresource, as the proxied server gets it, in small letters: the API server
    /// decodes what is encoded and passes over empty segments. Empty where there is none.
    private var proxiedWord: String {
        var rest = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)[...]
        rest = rest.dropFirst(rest.first == "apis" ? 3 : 2)
        if rest.first == "namespaces", rest.count > 3 { rest = rest.dropFirst(2) }
        // The resource, its name, and the subresource itself.
        let tail = rest.dropFirst(3).map { PercentEncoding.decode($0) ?? String($0) }.joined(separator: "/")
        return tail.split(separator: "/").first?.lowercased() ?? ""
    }

    /// True for a port-forward, be it the API server's or kubelet's behind a proxy subresource, where the tail of the path is
    /// `/portForward/NAMESPACE/POD` and may be percent-encoded.
    fileprivate var isPortForward: Bool {
        if isStream { return subresource == "portforward" }
        return isResourceRequest && subresource == "proxy" && proxiedWord == "portforward"
    }

    /// The ports that a WebSocket's port-forward asks for: the API server reads `ports`, kubelet `port`.
    fileprivate func ports(in query: String) -> [UInt16] {
        let name = isStream ? "ports" : "port"
        let values = FormFields(parsing: query)?.fields.filter { $0.name == name }.map(\.value) ?? []
        // A channel's number is a byte, and each port has two.
        return values.flatMap { $0.split(separator: ",") }.compactMap { UInt16($0) }.prefix(128).map { $0 }
    }
}
