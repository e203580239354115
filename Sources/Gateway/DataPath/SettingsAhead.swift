import NIOCore

/// Lets the settings of this side of an HTTP/2 connection hold from its first request on.
///
/// A client sends its preface and its first requests in one go, and acknowledges the gateway's SETTINGS behind them. Until
/// then NIOHTTP2 holds requests to the limits of its own, 16 KiB of headers among them, and ends the connection of a
/// first request with a longer URL; RFC 9113 knows no such limit before the settings. So the acknowledgement is put
/// right behind the client's preface, and taken out where it stands. All settings of the gateway are wider than what
/// holds without them, so no client breaks them by not having read them.
///
/// Every other byte passes as it came. What is no HTTP/2 is left for NIOHTTP2 to refuse.
final class SettingsAhead: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum Expecting {
        /// The 24 bytes of the client's preface.
        case preface(remaining: Int)
        /// The header of the frame behind the preface, which is SETTINGS.
        case clientSettings
        /// The rest of those settings; the acknowledgement is put behind them.
        case endOfClientSettings(remaining: Int)
        case frame
        case endOfFrame(remaining: Int)
        /// The acknowledgement came, or this is no HTTP/2.
        case nothing
    }

    private static let prefaceLength = 24
    private static let headerLength = 9
    private static let settings: UInt8 = 4
    private static let acknowledgement: UInt8 = 1
    /// A SETTINGS frame without a payload, with the flag ACK, of the connection.
    private static let acknowledged = ByteBuffer(bytes: [0, 0, 0, settings, acknowledgement, 0, 0, 0, 0])

    private var expecting = Expecting.preface(remaining: prefaceLength)
    /// What came and was not passed on: less than a frame's header.
    private var held = ByteBuffer()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var input = unwrapInboundIn(data)
        if held.readableBytes > 0 {
            held.writeBuffer(&input)
            (input, held) = (held, ByteBuffer())
        }
        while advance(&input, context) {}
        if case .nothing = expecting { leave(with: input, context) } else { held = input }
    }

    func handlerRemoved(context: ChannelHandlerContext) { held = ByteBuffer() }

    /// Takes one step through what came; false where more has to come, or nothing is expected any more.
    private func advance(_ input: inout ByteBuffer, _ context: ChannelHandlerContext) -> Bool {
        switch expecting {
        case .preface(let remaining):
            return pass(remaining, &input, context, then: .clientSettings) { .preface(remaining: $0) }
        case .clientSettings:
            guard let header = FrameHeader(input) else { return false }
            guard header.type == Self.settings else { return giveUp() }
            expecting = .endOfClientSettings(remaining: Self.headerLength + header.length)
            return true
        case .endOfClientSettings(let remaining):
            guard pass(remaining, &input, context, then: .frame, or: { .endOfClientSettings(remaining: $0) }) else {
                return false
            }
            context.fireChannelRead(wrapInboundOut(Self.acknowledged))
            return true
        case .frame:
            guard let header = FrameHeader(input) else { return false }
            if header.type == Self.settings, header.flags & Self.acknowledgement != 0, header.length == 0 {
                input.moveReaderIndex(forwardBy: Self.headerLength)
                return giveUp()
            }
            expecting = .endOfFrame(remaining: Self.headerLength + header.length)
            return true
        case .endOfFrame(let remaining):
            return pass(remaining, &input, context, then: .frame) { .endOfFrame(remaining: $0) }
        case .nothing:
            return false
        }
    }

    /// Passes what came of `remaining` bytes on; true where that was all of them.
    private func pass(
        _ remaining: Int, _ input: inout ByteBuffer, _ context: ChannelHandlerContext, then next: Expecting,
        or partly: (Int) -> Expecting
    ) -> Bool {
        guard let bytes = input.readSlice(length: min(remaining, input.readableBytes)) else { return false }
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
        expecting = bytes.readableBytes == remaining ? next : partly(remaining - bytes.readableBytes)
        return bytes.readableBytes == remaining
    }

    private func giveUp() -> Bool {
        expecting = .nothing
        return false
    }

    private func leave(with rest: ByteBuffer, _ context: ChannelHandlerContext) {
        if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    /// The first nine bytes of a frame (RFC 9113, 4.1), as far as they matter here.
    private struct FrameHeader {
        var length: Int
        var type: UInt8
        var flags: UInt8

        init?(_ bytes: ByteBuffer) {
            let start = bytes.readerIndex
            guard bytes.readableBytes >= SettingsAhead.headerLength,
                let high: UInt16 = bytes.getInteger(at: start), let low: UInt8 = bytes.getInteger(at: start + 2),
                let type: UInt8 = bytes.getInteger(at: start + 3), let flags: UInt8 = bytes.getInteger(at: start + 4)
            else { return nil }
            self.length = Int(high) << 8 | Int(low)
            self.type = type
            self.flags = flags
        }
    }
}
