/// Reads an upgraded connection, both sides of it, into what flows through its channels. It holds no more than a frame's
/// head, one bounded control frame and the inflater's window for each side, and the table of the open streams.
///
/// The caller's bytes are fed before the cluster can have answered them: a SPDY stream that the caller opens is
/// known by its headers when the cluster writes to it.
public struct StreamDecoder: ~Copyable {
    private var caller: StreamHalf
    private var cluster: StreamHalf
    private var streams = SPDYStreams()
    private var verdict = CommandExit.Reader()

    /// A decoder for a connection on which nothing was sent since its 101.
    public init(_ streamProtocol: StreamProtocol) {
        caller = StreamHalf(streamProtocol, from: .caller)
        cluster = StreamHalf(streamProtocol, from: .cluster)
    }

    /// Reads what one side sent next, split anywhere, and appends what it means.
    public mutating func feed(_ bytes: ArraySlice<UInt8>, from side: StreamSide, into events: inout [StreamEvent]) {
        switch side {
        case .caller: caller.feed(bytes, &streams, into: &events)
        case .cluster:
            let first = events.count
            cluster.feed(bytes, &streams, into: &events)
            for case .data(.error, let text) in events[first...] { verdict.append(text) }
        }
    }

    /// Reads what one side sent next.
    public mutating func feed(_ bytes: ArraySlice<UInt8>, from side: StreamSide) -> [StreamEvent] {
        var events: [StreamEvent] = []
        feed(bytes, from: side, into: &events)
        return events
    }

    /// How the command of an exec or attach ended; nil as long as the cluster has not said.
    public var commandExit: CommandExit? { verdict.status }

    /// True where a side stands between two frames, so that a connection that ends now was not cut.
    public func isWhole(_ side: StreamSide) -> Bool {
        switch side {
        case .caller: caller.isWhole
        case .cluster: cluster.isWhole
        }
    }
}

/// One side of an upgraded connection: the layers that its protocol has.
private struct StreamHalf: ~Copyable {
    private let side: StreamSide
    private let streamProtocol: StreamProtocol
    private var webSocket = WebSocketReader()
    private var messages: ChannelMessageReader
    private var spdy = SPDYReader()

    init(_ streamProtocol: StreamProtocol, from side: StreamSide) {
        self.side = side
        self.streamProtocol = streamProtocol
        switch streamProtocol {
        case .channels(let layout): messages = ChannelMessageReader(layout, from: side)
        case .spdy, .spdyInWebSocket: messages = ChannelMessageReader(ChannelLayout(.remoteCommand), from: side)
        }
    }

    var isWhole: Bool {
        switch streamProtocol {
        case .channels: webSocket.isBetweenMessages
        case .spdy: spdy.isBetweenFrames
        case .spdyInWebSocket: webSocket.isBetweenMessages && spdy.isBetweenFrames
        }
    }

    mutating func feed(_ bytes: ArraySlice<UInt8>, _ streams: inout SPDYStreams, into events: inout [StreamEvent]) {
        if case .spdy = streamProtocol { return feedSPDY(bytes, &streams, into: &events) }
        var input = bytes
        while let piece = webSocket.next(&input) {
            switch piece {
            // Where SPDY runs inside, messages are a stream of bytes and their bounds say nothing.
            case .messageStart: messages.begin()
            case .payload(let payload):
                switch streamProtocol {
                case .channels: messages.take(payload, into: &events)
                case .spdy, .spdyInWebSocket: feedSPDY(payload, &streams, into: &events)
                }
            case .messageEnd: if case .channels = streamProtocol { messages.end(into: &events) }
            case .fragment: if case .channels = streamProtocol { beginFragment(&events) }
            case .control(let control): events.append(.control(control))
            case .undecodable(let fault): events.append(.undecodable(fault))
            case .raw(let bytes): events.append(.raw(bytes))
            }
        }
    }

    /// To the cluster every frame is a message (see `StreamControl.fragment`): what the record says went into a channel is what
    /// the cluster put there.
    private mutating func beginFragment(_ events: inout [StreamEvent]) {
        if side == .caller {
            messages.end(into: &events)
            messages.begin()
        }
        events.append(.control(.fragment))
    }

    private mutating func feedSPDY(
        _ bytes: ArraySlice<UInt8>, _ streams: inout SPDYStreams, into events: inout [StreamEvent]
    ) {
        var input = bytes
        while let piece = spdy.next(&input) {
            switch piece {
            case .open(let stream, let headers, let isLast, let isOneWay):
                let channel = streams.open(stream, headers)
                events.append(.opened(channel))
                if isLast {
                    events.append(.ended(channel))
                    streams.end(stream, by: side)
                }
                if isOneWay { streams.end(stream, by: side == .caller ? .cluster : .caller) }
            case .data(let stream, let data): events.append(.data(streams.channel(of: stream), data))
            case .end(let stream):
                events.append(.ended(streams.channel(of: stream)))
                streams.end(stream, by: side)
            case .reset(let stream):
                events.append(.reset(streams.channel(of: stream)))
                streams.reset(stream)
            case .control(let control): events.append(.control(control))
            case .undecodable(let fault): events.append(.undecodable(fault))
            case .raw(let bytes): events.append(.raw(bytes))
            }
        }
    }
}
