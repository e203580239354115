import NIOCore
import NIOHTTP2

/// Records what breaks HTTP/2's rules before it is anybody's request, and ends a connection that broke them: NIOHTTP2
/// itself resets a stream, and for a connection it writes GOAWAY, then reports the error and leaves the rest to others.
final class HTTP2Faults: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let loop: LoopServices
    /// True once the connection is to end: what still comes on it is not looked at.
    private var isEnding = false

    /// What is wrong with one stream alone. All other faults are the connection's, those that are not known here too.
    private static let ofOneStream: Set<String> = [
        "StreamError", "StreamClosed", "NoSuchStream", "BadStreamStateTransition", "MissingPseudoHeader",
        "DuplicatePseudoHeader", "PseudoHeaderAfterRegularHeader", "UnknownPseudoHeader", "UnsupportedPseudoHeader",
        "InvalidPseudoHeaders", "InvalidPseudoHeaderValue", "MissingHostHeader", "DuplicateHostHeader",
        "EmptyPathHeader", "TrailersWithoutEndStream", "InvalidHTTP2HeaderFieldName", "InvalidHTTP2HeaderFieldValue",
        "ForbiddenHeaderField", "ContentLengthViolated", "ContentLengthHeadersMismatch", "ContentLengthHeaderNegative",
        "ContentLengthHeaderMalformedValue",
    ]
    /// How long the client has to read GOAWAY before the connection closes.
    private static let patience = TimeAmount.milliseconds(500)

    init(loop: LoopServices) { self.loop = loop }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isEnding else { return }
        if let kind = Self.kind(of: error) {
            let peer = context.channel.remoteAddress?.ipAddress ?? ""
            loop.recordRefusal(.malformedHTTP2(kind), head: nil, target: nil, source: peer)
            if !Self.ofOneStream.contains(kind) { end(context.channel) }
        }
        context.fireErrorCaught(error)
    }

    private func end(_ channel: any Channel) {
        isEnding = true
        let closing = channel.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in closing.cancel() }
    }

    /// The name of the rule that was broken; nil where the connection was merely lost.
    private static func kind(of error: any Error) -> String? {
        let name = String(reflecting: type(of: error))
        guard name.hasPrefix("NIOHTTP2.") || name.hasPrefix("NIOHPACK.") else { return nil }
        return name.split(separator: ".").last.map(String.init)
    }
}
