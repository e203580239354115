import Vocabulary

/// What a `close` says of an upgraded connection, as lines of a table.
struct StreamSummary {
    private static let channelLimit = 32

    private let stream: JSON

    /// Returns nil for an exchange that was not upgraded.
    init?(_ close: JSON?) {
        guard let stream = close?["stream"] else { return nil }
        self.stream = stream
    }

    var lines: [(name: String, value: String)] {
        var lines: [(name: String, value: String)] = []
        if let name = stream["protocol"]?.string { lines.append(("spoken", name)) }
        if let exit { lines.append(("exit", exit)) }
        let channels = stream["channels"]?.array ?? []
        for channel in channels.prefix(Self.channelLimit) { lines.append(line(channel)) }
        let unlisted = (stream["unlisted"]?["channels"]?.integer ?? 0) + max(0, channels.count - Self.channelLimit)
        if unlisted > 0 { lines.append(("channels", "\(unlisted) more")) }
        for side in stream["undecoded"]?.members ?? [] {
            lines.append(("not read", "\(side.name), recorded raw: \(side.value.string ?? "")"))
        }
        for word in stream["unmasked"]?.strings ?? [] {
            lines.append(("not masked", "\(Self.unmasked[word] ?? word) reached the caller as it came"))
        }
        for side in stream["cut"]?.strings ?? [] { lines.append(("cut", "the last frame of the \(side) is not whole")) }
        return lines
    }

    private static let unmasked = [
        "archive": "an archive of copied files", "ports": "what a forwarded port carried",
        "unknownProtocol": "a protocol that cannot be read",
    ]

    private var exit: String? {
        if let code = stream["exit"]?["code"]?.integer { return "code \(code)" }
        return stream["exit"]?["failed"]?.bool == true ? "failed; the channel error says how" : nil
    }

    private func line(_ channel: JSON) -> (name: String, value: String) {
        let sign = channel["direction"]?.string == "request" ? ">" : "<"
        let end = channel["end"]?.string.map { ", \($0)" } ?? ""
        let digest = channel["sha256"]?.string.map { ", sha-256 \($0)" } ?? ""
        return (
            "\(sign) \(channel["channel"]?.string ?? "")",
            Measures.bytes(channel["bytes"]?.integer ?? 0) + end + digest
        )
    }
}
