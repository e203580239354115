/// Keeps the cluster's bytes as they came while a decoder reads them: all but the frames of output, which are made anew
/// around what their bytes are exchanged for, are given out as `StreamEvent.framing` and pass unchanged.
struct StreamPassage: Sendable {
    /// What was read and neither passed nor dropped: a head, a part of a control frame, a channel's number.
    private var pending: [UInt8] = []
    /// How many of those belong to the message under way, where a WebSocket's control frame may come between.
    private var kept = 0
    /// True once the message under way turned out to be output, whose frame is made anew.
    private var isDropping = false
    /// True once data of the message under way passed.
    private var isPassing = false
    /// SPDY: the stream of each channel of output.
    private var streams: [StreamChannel: UInt32] = [:]

    mutating func read(_ bytes: ArraySlice<UInt8>) { pending += bytes }

    private mutating func pass(_ events: inout [StreamEvent]) {
        if !pending.isEmpty { events.append(.framing(pending[...])) }
        drop()
    }

    private mutating func drop() {
        pending.removeAll(keepingCapacity: true)
        kept = 0
    }

    // MARK: WebSocket

    mutating func beginMessage() {
        isDropping = false
        isPassing = false
        kept = pending.count
    }

    /// A part of the message was read.
    ///
    /// - Parameters:
    ///   - channel: where its bytes go; nil where that is not known.
    ///   - hasData: whether any came.
    ///   - events: takes what passes.
    mutating func goOn(_ channel: StreamChannel?, hasData: Bool, _ events: inout [StreamEvent]) {
        if channel?.isOutput == true, hasData { isDropping = true }
        if isDropping { return drop() }
        // A message without data, by which the API server says that a channel is there, passes as it came. Of any other
        // nothing passes before its data, which brings all output out that is held back: none may come inside its frame.
        if let channel, !channel.isOutput, hasData || isPassing {
            isPassing = true
            pass(&events)
        } else {
            kept = pending.count
        }
    }

    mutating func endMessage(_ events: inout [StreamEvent]) {
        if isDropping { drop() } else { pass(&events) }
        isDropping = false
    }

    mutating func passControl(_ events: inout [StreamEvent]) {
        events.append(.framing(pending[kept...]))
        pending.removeSubrange(kept...)
    }

    // MARK: SPDY

    /// Notes that data came on a stream.
    ///
    /// - Returns: false where the channel is output and has another stream.
    mutating func take(_ channel: StreamChannel, _ stream: UInt32, _ events: inout [StreamEvent]) -> Bool {
        guard channel.isOutput else {
            pass(&events)
            return true
        }
        drop()
        if streams[channel] == nil { streams[channel] = stream }
        return streams[channel] == stream
    }

    /// The frame that was read last is a control frame, or ends its stream.
    mutating func passFrame(_ events: inout [StreamEvent]) { pass(&events) }

    /// The stream ends with a frame of data.
    mutating func passEnd(_ channel: StreamChannel, _ stream: UInt32, _ events: inout [StreamEvent]) {
        if pending.isEmpty, channel.isOutput { pending = SPDYDataFrame.head(stream, isLast: true, length: 0) }
        pass(&events)
    }

    /// The SPDY stream that carries a channel of output; nil before the cluster wrote to it.
    func stream(of channel: StreamChannel) -> UInt32? { streams[channel] }
}
