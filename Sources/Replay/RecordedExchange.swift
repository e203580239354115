public import Vocabulary

/// An exchange as the gateway's API tells it: its `open`, and its `close` once there is one.
public struct RecordedExchange: Sendable {
    public let open: JSON
    public let close: JSON?
    /// The text of the prompt that it worked at, its secrets masked; nil where it was not sent, or an exchange before this
    /// one has it.
    public let prompt: RecordedPrompt?

    /// Returns nil where the JSON is no exchange.
    public init?(_ json: JSON) {
        guard let open = json["open"], open["exchange"]?.string != nil else { return nil }
        self.open = open
        close = json["close"]
        prompt = RecordedPrompt(json["prompt"])
    }

    public var id: String { open["exchange"]?.string ?? "" }
    public var session: String { open["session"]?.string ?? "" }
    public var time: Timestamp? { open["time"]?.string.flatMap(Timestamp.init(rfc3339:)) }
    public var byline: RecordedByline { RecordedByline(open["byline"]) }
    public var method: String { open["method"]?.string ?? "" }
    public var target: String { open["target"]?.string ?? "" }
    public var cluster: String { open["cluster"]?.string ?? "" }
    public var verb: String { open["requestInfo"]?["verb"]?.string ?? "" }
    public var status: Int? { close?["status"]?.integer }
    public var outcome: Outcome? { close?["outcome"]?.string.flatMap(Outcome.init(rawValue:)) }
    public var duration: Int? { close?["duration"]?.integer }
    public var isDenied: Bool { open["decision"]?["effect"]?.string == Decision.Effect.deny.rawValue }

    /// True where the connection was upgraded: what passed is in channels, not in bodies.
    public var isUpgraded: Bool {
        if close?["stream"] != nil || status == 101 { return true }
        // One that is still open, or whose end nobody saw.
        let isOver = close != nil && outcome != .unknown
        return !isOver && ["exec", "attach", "portforward"].contains(open["requestInfo"]?["subresource"]?.string)
    }

    /// True for what brings events or lines as they happen, each of which has its time.
    public var isWatch: Bool {
        if verb == "watch" { return true }
        guard open["requestInfo"]?["subresource"]?.string == "log" else { return false }
        return target.split(separator: "?").dropFirst().contains { $0.contains("follow=") }
    }

    /// True where an exec or attach asked for a terminal.
    public var hasTerminal: Bool {
        guard let query = target.split(separator: "?", maxSplits: 1).dropFirst().first else { return false }
        return isUpgraded && FormFields(parsing: query)?["tty"].map { $0 == "true" || $0 == "1" } == true
    }

    /// True for what a client asks of the API's shape, as kubectl does by itself, answered with 200.
    public var isDiscovery: Bool {
        guard verb == "get", status == 200, open["requestInfo"]?["resource"]?.string == nil else { return false }
        let path = open["requestInfo"]?["path"]?.string ?? ""
        return ["/api", "/apis", "/version", "/openapi"].contains { path == $0 || path.hasPrefix("\($0)/") }
    }

    /// `pods/exec`, `deployments.apps`, or the path of what is no resource.
    public var resource: String {
        let info = open["requestInfo"]
        guard let resource = info?["resource"]?.string, !resource.isEmpty else {
            return info?["path"]?.string ?? String(target.prefix { $0 != "?" })
        }
        let group = info?["apiGroup"]?.string ?? ""
        let subresource = info?["subresource"]?.string ?? ""
        return resource + (group.isEmpty ? "" : ".\(group)") + (subresource.isEmpty ? "" : "/\(subresource)")
    }

    /// `namespace/name`, one of them, or `-`.
    public var object: String {
        let info = open["requestInfo"]
        let parts = [info?["namespace"]?.string, info?["name"]?.string].compactMap { $0 }.filter { !$0.isEmpty }
        return parts.isEmpty ? "-" : parts.joined(separator: "/")
    }

    /// Bytes of one direction, all channels together; nil while the exchange is open.
    public func bytes(_ direction: String) -> Int? {
        guard let counts = close?["bytes"]?[direction] else { return nil }
        return counts.integer ?? counts.members?.reduce(0) { $0 + ($1.value.integer ?? 0) }
    }
}
