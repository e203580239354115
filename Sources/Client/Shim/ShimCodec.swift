import NIOCore
import NIOHTTP1
import NIOSSL

/// The handlers of a connection to the shim.
enum ShimCodec {
    private static let encoder = "shim.encoder"
    private static let decoder = "shim.decoder"
    private static let pipelining = "shim.pipelining"
    private static let handler = "shim.handler"

    static func configure(_ channel: any Channel, tls: NIOSSLContext, services: ShimServices) throws {
        let pipeline = channel.pipeline.syncOperations
        var encoding = HTTPResponseEncoder.Configuration()
        encoding.automaticallySetFramingHeaders = false
        try pipeline.addHandler(NIOSSLServerHandler(context: tls))
        try pipeline.addHandler(HTTPResponseEncoder(configuration: encoding), name: encoder)
        try pipeline.addHandler(
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)), name: decoder)
        try pipeline.addHandler(HTTPServerPipelineHandler(), name: pipelining)
        try pipeline.addHandler(ShimHandler(services), name: handler)
    }

    /// Takes HTTP out of the pipeline; bytes that came behind the request are passed on.
    static func remove(from channel: any Channel) -> EventLoopFuture<Void> {
        let pipeline = channel.pipeline
        return pipeline.removeHandler(name: handler)
            .flatMap { pipeline.removeHandler(name: pipelining) }
            .flatMap { pipeline.removeHandler(name: decoder) }
            .flatMap { pipeline.removeHandler(name: encoder) }
    }
}
