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
    ///
    /// - Parameters:
    ///   - streamProtocol: what is spoken on it.
    ///   - exchangesOutput: true where what the cluster sends through channels of output is to be exchanged before it
    ///     goes on. `StreamEvent.framing` tells of all else that the cluster sent, in its order; what is exchanged goes
    ///     between it in frames of `frame`.
    public init(_ streamProtocol: StreamProtocol, exchangesOutput: Bool = false) {
        caller = StreamHalf(streamProtocol, from: .caller)
        cluster = StreamHalf(streamProtocol, from: .cluster, exchangesOutput: exchangesOutput)
    }

    /// Appends frames that carry bytes of a channel of output to the caller.
    public func frame(
        _ bytes: some RandomAccessCollection<UInt8>, of channel: StreamChannel, into output: inout [UInt8]
    ) {
        cluster.frame(bytes, of: channel, into: &output)
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
    /// nil where nothing is exchanged.
    private var passage: StreamPassage?

    init(_ streamProtocol: StreamProtocol, from side: StreamSide, exchangesOutput: Bool = false) {
        self.side = side
        passage = exchangesOutput ? StreamPassage() : nil
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
        while let piece = next(&input) {
            switch piece {
            // Where SPDY runs inside, messages are a stream of bytes and their bounds say nothing.
            case .messageStart:
                messages.begin()
                passage?.beginMessage()
            case .payload(let payload):
                guard case .channels = streamProtocol else {
                    feedSPDY(payload, &streams, into: &events)
                    continue
                }
                let first = events.count
                messages.take(payload, into: &events)
                passage?.goOn(messages.channel, hasData: events.count > first, &events)
            case .messageEnd:
                if case .channels = streamProtocol { messages.end(into: &events) }
                passage?.endMessage(&events)
            case .fragment:
                if case .channels = streamProtocol { beginFragment(&events) }
                passage?.goOn(messages.channel, hasData: false, &events)
            case .control(let control):
                events.append(.control(control))
                passage?.passControl(&events)
            case .undecodable(let fault): events.append(.undecodable(fault))
            case .raw(let bytes): events.append(.raw(bytes))
            }
        }
    }

    /// The WebSocket's next piece, whose bytes the passage sees.
    private mutating func next(_ input: inout ArraySlice<UInt8>) -> WebSocketReader.Piece? {
        let unread = input
        defer { passage?.read(unread[..<input.startIndex]) }
        return webSocket.next(&input)
    }

    func frame(_ bytes: some RandomAccessCollection<UInt8>, of channel: StreamChannel, into output: inout [UInt8]) {
        if case .channels(let layout) = streamProtocol {
            return StreamFrames.append(bytes, to: &output) {
                ChannelMessage.frame($0, number: channel.outputNumber, isBase64: layout.isBase64)
            }
        }
        guard let stream = passage?.stream(of: channel) else { return }
        StreamFrames.append(bytes, to: &output) { SPDYDataFrame.frame($0, stream) }
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
        while let piece = nextFrame(&input) {
            switch piece {
            case .open(let stream, let headers, let isLast, let isOneWay):
                let channel = streams.open(stream, headers)
                events.append(.opened(channel))
                if isLast {
                    events.append(.ended(channel))
                    streams.end(stream, by: side)
                }
                if isOneWay { streams.end(stream, by: side == .caller ? .cluster : .caller) }
                passage?.passFrame(&events)
            case .data(let stream, let data):
                let channel = streams.channel(of: stream)
                if !data.isEmpty { events.append(.data(channel, data)) }
                if passage?.take(channel, stream, &events) == false { events.append(.undecodable(.spdySecondStream)) }
            case .end(let stream):
                let channel = streams.channel(of: stream)
                events.append(.ended(channel))
                streams.end(stream, by: side)
                passage?.passEnd(channel, stream, &events)
            case .reset(let stream):
                events.append(.reset(streams.channel(of: stream)))
                streams.reset(stream)
                passage?.passFrame(&events)
            case .control(let control):
                events.append(.control(control))
                // What ends its stream passes behind the word of that.
                if !spdy.isEnding { passage?.passFrame(&events) }
            case .undecodable(let fault): events.append(.undecodable(fault))
            case .raw(let bytes): events.append(.raw(bytes))
            }
        }
    }

    /// The next piece of SPDY, whose bytes the passage sees.
    private mutating func nextFrame(_ input: inout ArraySlice<UInt8>) -> SPDYReader.Piece? {
        let unread = input
        defer { passage?.read(unread[..<input.startIndex]) }
        return spdy.next(&input)
    }
}
