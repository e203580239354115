/// How a WebSocket's messages are told apart.
public struct ChannelLayout: Hashable, Sendable {
    public enum Purpose: Hashable, Sendable {
        case remoteCommand
        /// The forwarded ports, in the order of the request.
        case portForward([UInt16])
    }

    public let purpose: Purpose
    public let isBase64: Bool
    /// v5: a message for number 255 ends a channel.
    public let closesChannels: Bool

    public init(_ purpose: Purpose, isBase64: Bool = false, closesChannels: Bool = false) {
        self.purpose = purpose
        self.isBase64 = isBase64
        self.closesChannels = closesChannels
    }

    func channel(_ number: UInt8) -> StreamChannel {
        switch purpose {
        case .remoteCommand: .remoteCommand(number: number)
        case .portForward(let ports): .port(number: number, of: ports)
        }
    }

    /// How many channels begin with their port's number.
    var announcedChannels: Int {
        guard case .portForward(let ports) = purpose else { return 0 }
        return min(ports.count * 2, 256)
    }
}
