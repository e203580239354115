/// Reads one direction of the WebSocket subprotocols `channel.k8s.io` (apimachinery's httpstream/wsstream): every message
/// begins with its channel's number and carries bytes of that channel, bare or in base64.
struct ChannelMessageReader: Sendable {
    private enum Position {
        /// The channel's number comes next.
        case number
        case bytes(StreamChannel)
        /// The rest of a message that is no base64.
        case wrong
        /// A message for number 255: v5 closes the channel whose number is all that follows.
        case closing(UInt8?)
    }

    private static let closeNumber: UInt8 = 255

    private let layout: ChannelLayout
    private var position = Position.number
    /// The number of the message's channel, once it is read.
    private var number: UInt8 = 0
    private var base64 = Base64Reader()
    /// By channel number, what is there of the announcement that the cluster begins a port's channel with: its port in two bytes,
    /// the lower one first. nil once it is read.
    private var announcements: [[UInt8]?]

    init(_ layout: ChannelLayout, from side: StreamSide) {
        self.layout = layout
        announcements = side == .cluster ? Array(repeating: [], count: layout.announcedChannels) : []
    }

    /// The channel that the message's bytes go to, once that is known.
    var channel: StreamChannel? { if case .bytes(let channel) = position { channel } else { nil } }

    mutating func begin() {
        position = .number
        base64 = Base64Reader()
    }

    /// Takes a piece of the message.
    mutating func take(_ payload: ArraySlice<UInt8>, into events: inout [StreamEvent]) {
        var rest = payload
        while !rest.isEmpty {
            switch position {
            case .number: takeNumber(rest.removeFirst())
            case .closing(nil): position = .closing(rest.removeFirst())
            case .closing(let number?):
                // Not the two bytes that close a channel.
                self.number = Self.closeNumber
                position = .bytes(.other(UInt32(Self.closeNumber)))
                events.append(.data(.other(UInt32(Self.closeNumber)), [number]))
            case .bytes(let channel):
                give(rest, to: channel, into: &events)
                return
            case .wrong:
                events.append(.raw(rest))
                return
            }
        }
    }

    mutating func end(into events: inout [StreamEvent]) {
        switch position {
        case .closing(let number?): events.append(.ended(layout.channel(number)))
        case .bytes(let channel):
            if let cut = base64.end() {
                events.append(.control(.notBase64(channel)))
                events.append(.raw(cut[...]))
            }
        case .number, .closing(nil), .wrong: break
        }
        position = .number
    }

    private mutating func takeNumber(_ byte: UInt8) {
        if layout.closesChannels, byte == Self.closeNumber {
            position = .closing(nil)
        } else {
            number = layout.isBase64 ? byte &- UInt8(ascii: "0") : byte
            position = .bytes(layout.channel(number))
        }
    }

    private mutating func give(
        _ payload: ArraySlice<UInt8>, to channel: StreamChannel, into events: inout [StreamEvent]
    ) {
        guard layout.isBase64 else { return give(clear: payload, to: channel, into: &events) }
        let (bytes, wrong) = base64.decode(payload)
        give(clear: bytes[...], to: channel, into: &events)
        guard let wrong else { return }
        position = .wrong
        events.append(.control(.notBase64(channel)))
        events.append(.raw(wrong[...]))
    }

    private mutating func give(clear: ArraySlice<UInt8>, to channel: StreamChannel, into events: inout [StreamEvent]) {
        var data = clear
        if Int(number) < announcements.count, var announcement = announcements[Int(number)] {
            let taken = data.prefix(2 - announcement.count)
            announcement += taken
            data = data[taken.endIndex...]
            announcements[Int(number)] = announcement.count == 2 ? nil : announcement
            if announcement.count == 2 { events.append(announced(announcement, by: channel)) }
        }
        if !data.isEmpty { events.append(.data(channel, data)) }
    }

    /// The first two bytes of a port's channel: data, if they are not its port.
    private func announced(_ bytes: [UInt8], by channel: StreamChannel) -> StreamEvent {
        switch channel {
        case .portData(let port, _), .portError(let port, _):
            if bytes == [UInt8(truncatingIfNeeded: port), UInt8(port >> 8)] { return .control(.portAnnounced) }
            return .data(channel, bytes[...])
        default: return .data(channel, bytes[...])
        }
    }
}
