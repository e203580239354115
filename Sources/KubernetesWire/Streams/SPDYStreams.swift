/// The streams of a SPDY connection, which both sides write to. Bounded: with the table full, a new stream is known by
/// its id only.
struct SPDYStreams: Sendable {
    static let maximumCount = 8_192
    /// How many streams are remembered after a reset, for what the other side had sent by then.
    private static let resetsRemembered = 256

    private struct Entry {
        let channel: StreamChannel
        var callerEnded = false
        var clusterEnded = false
    }

    private var entries: [UInt32: Entry] = [:]
    private var resets: [UInt32] = []
    private var oldestReset = 0

    /// How many streams are open or remembered.
    var count: Int { entries.count }

    /// The channel that a stream belongs to.
    func channel(of stream: UInt32) -> StreamChannel { entries[stream]?.channel ?? .other(stream) }

    /// Notes a new stream. One whose id is in use stays what it is, as the API server refuses the second.
    mutating func open(_ stream: UInt32, _ headers: SPDYHeaders) -> StreamChannel {
        if let entry = entries[stream] { return entry.channel }
        let channel = Self.channel(stream, headers)
        if entries.count < Self.maximumCount { entries[stream] = Entry(channel: channel) }
        return entries[stream]?.channel ?? .other(stream)
    }

    /// Notes that a side sends no more; the stream is forgotten when neither does.
    mutating func end(_ stream: UInt32, by side: StreamSide) {
        guard var entry = entries[stream] else { return }
        switch side {
        case .caller: entry.callerEnded = true
        case .cluster: entry.clusterEnded = true
        }
        entries[stream] = entry.callerEnded && entry.clusterEnded ? nil : entry
    }

    /// Notes that a side gave the stream up. The other may never answer, so the stream is forgotten in time.
    mutating func reset(_ stream: UInt32) {
        guard entries[stream] != nil else { return }
        guard resets.count == Self.resetsRemembered else { return resets.append(stream) }
        entries[resets[oldestReset]] = nil
        resets[oldestReset] = stream
        oldestReset = (oldestReset + 1) % Self.resetsRemembered
    }

    /// What a stream is for (client-go's remotecommand and portforward; kubelet's cri/streaming reads it alike).
    private static func channel(_ stream: UInt32, _ headers: SPDYHeaders) -> StreamChannel {
        let port = headers["port"].flatMap { UInt16($0) }
        switch headers["streamtype"] {
        case "stdin": return .stdin
        case "stdout": return .stdout
        case "stderr": return .stderr
        case "resize": return .resize
        case "data":
            guard let port, let connection = connection(headers, otherwise: stream &- 2) else { return .other(stream) }
            return .portData(port: port, connection: connection)
        case "error":
            guard let port else { return headers["port"] == nil ? .error : .other(stream) }
            guard let connection = connection(headers, otherwise: stream) else { return .other(stream) }
            return .portError(port: port, connection: connection)
        default: return .other(stream)
        }
    }

    /// The forwarded connection's number. Clients from before there was `requestID` open error stream and data stream in a row.
    private static func connection(_ headers: SPDYHeaders, otherwise guess: UInt32) -> UInt64? {
        guard let id = headers["requestid"], !id.isEmpty else { return UInt64(guess) }
        return UInt64(id)
    }
}
