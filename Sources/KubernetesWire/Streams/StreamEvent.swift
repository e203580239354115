/// Which end of an upgraded connection sent the bytes.
public enum StreamSide: Hashable, Sendable, CaseIterable {
    case caller
    case cluster
}

/// One thing that one side of an upgraded connection did. Bytes come as they arrive, in slices of any size; those of one
/// channel, joined, are what was sent through it.
public enum StreamEvent: Hashable, Sendable {
    /// A SPDY stream began. The numbered channels of a WebSocket are there from the start.
    case opened(StreamChannel)
    case data(StreamChannel, ArraySlice<UInt8>)
    /// This side sends no more through the channel.
    case ended(StreamChannel)
    /// This side gave the channel up, in both directions.
    case reset(StreamChannel)
    case control(StreamControl)
    /// From here on what this side sends cannot be read at the layer of the fault, and comes as `raw`: below a WebSocket
    /// that can still be read, what its messages hold; else the connection's own bytes, from the first of the frame at fault.
    case undecodable(StreamFault)
    /// Bytes that could not be given to a channel.
    case raw(ArraySlice<UInt8>)
    /// Bytes of the cluster's side that pass as they came, behind what the events before them say. Only a decoder that leaves
    /// output to be framed anew tells of them.
    case framing(ArraySlice<UInt8>)
}

/// What the framing says for itself, besides data.
public enum StreamControl: Hashable, Sendable {
    case ping
    case pong
    /// A WebSocket's close frame, with its code where it has one.
    case closing(code: UInt16?)
    /// A WebSocket message goes on in a further frame. Kubernetes reads with golang.org/x/net/websocket, which takes each
    /// frame for a message: from the caller, what follows begins with a channel's number of its own.
    case fragment
    /// The message that came last is no base64. Kubernetes drops such a message whole; what of it could be read was given out
    /// as data, the rest follows as `raw`.
    case notBase64(StreamChannel)
    /// The port number that the cluster sends first through each WebSocket channel of a port-forward.
    case portAnnounced
    /// A SPDY control frame of this type that opens and closes nothing.
    case frame(type: UInt16)
    /// SPDY's GOAWAY: no stream beyond this id will be answered.
    case goAway(lastStream: UInt32)
}

/// Why bytes cannot be read. The raw value is the word for it in a record.
public enum StreamFault: String, Error, Hashable, Sendable, CaseIterable {
    /// A bit that only an extension may set: compression was negotiated, or the bytes are no WebSocket.
    case webSocketReservedBits
    case webSocketUnknownOpcode
    /// A control frame that is fragmented or over 125 bytes.
    case webSocketControlFrame
    /// A continuation of nothing, or a message within a message.
    case webSocketMessageOrder
    /// A length with its highest bit set.
    case webSocketLength
    /// A control frame of another version than SPDY/3.
    case spdyVersion
    /// A control frame too short for its type.
    case spdyFrameTooShort
    /// A control frame above `SPDYReader.maximumControlLength`.
    case spdyFrameTooLong
    /// Headers that do not inflate, exceed `HeaderInflater.maximumLength`, or are not what they say.
    case spdyHeaders
    /// A second stream for the same output, where output is framed anew.
    case spdySecondStream
}
