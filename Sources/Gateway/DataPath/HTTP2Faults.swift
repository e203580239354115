import NIOCore
import NIOHTTP2

/// Records what breaks HTTP/2's rules before it is anybody's request: such a stream is reset, such a connection ended,
/// by NIOHTTP2 itself, and the error comes by here on its way.
final class HTTP2Faults: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let loop: LoopServices

    init(loop: LoopServices) { self.loop = loop }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let kind = Self.kind(of: error) {
            let peer = context.channel.remoteAddress?.ipAddress ?? ""
            loop.recordRefusal(.malformedHTTP2(kind), head: nil, target: nil, source: peer)
        }
        context.fireErrorCaught(error)
    }

    /// The name of the rule that was broken; nil where the connection was merely lost.
    private static func kind(of error: any Error) -> String? {
        let name = String(reflecting: type(of: error))
        guard name.hasPrefix("NIOHTTP2.") || name.hasPrefix("NIOHPACK.") else { return nil }
        return name.split(separator: ".").last.map(String.init)
    }
}
