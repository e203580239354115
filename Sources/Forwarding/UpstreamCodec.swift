public import NIOCore

/// The names of the handlers that leave the pipeline when a connection becomes a tunnel.
public enum UpstreamCodec {
    static let encoder = "upstream.encoder"
    static let decoder = "upstream.decoder"
    static let connection = "upstream.connection"
    private static let end = "upstream.end"

    /// Takes HTTP out of the pipeline; bytes that came behind the 101 are passed on to the handlers that remain.
    public static func remove(from channel: any Channel) -> EventLoopFuture<Void> {
        let pipeline = channel.pipeline
        return pipeline.removeHandler(name: connection)
            .flatMap { pipeline.removeHandler(name: encoder) }
            .flatMap { pipeline.removeHandler(name: decoder) }
            .flatMap { pipeline.removeHandler(name: end) }
    }

    /// Keeps the connection's end from HTTP's decoder, which would drop what came behind the 101.
    ///
    /// - Returns: false where there is no decoder any more.
    static func holdEnd(of channel: any Channel) -> Bool {
        let pipeline = channel.pipeline.syncOperations
        guard let context = try? pipeline.context(name: decoder) else { return false }
        do { try pipeline.addHandler(HeldEnd(), name: end, position: .before(context.handler)) } catch { return false }
        return true
    }
}

/// Stands before HTTP's decoder until that has left the pipeline. When the connection ends meanwhile, all handlers leave it
/// in the next turn of the loop: the decoder gives out what it holds, and the last one learns of the end.
private final class HeldEnd: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    func channelInactive(context: ChannelHandlerContext) {}
}
