import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOSSL
import NIOTLS

/// The handlers of a caller's connection: TLS, then HTTP/1.1 or HTTP/2 as agreed by ALPN, then the exchanges.
enum GatewayCodec {
    private static let encoder = "caller.encoder"
    private static let decoder = "caller.decoder"
    private static let exchanges = "caller.exchanges"

    /// How much of a stream's body a caller may send ahead, in bytes.
    private static let streamWindow = 256 << 10
    /// The longest header list of a request over HTTP/2, in bytes: an exec's command line travels in its URL.
    private static let headerListLimit = 256 << 10

    static func configure(_ channel: any Channel, tls: NIOSSLContext, loop: NIOLoopBound<LoopServices>) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(NIOSSLServerHandler(context: tls))
        // Who connects and does not come to an end with TLS is not waited for.
        let patience = TimeAmount.nanoseconds(Int64(loop.value.settings.limits.requestHeaderTimeout.nanoseconds))
        let timeout = channel.eventLoop.assumeIsolated().scheduleTask(in: patience) { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in timeout.cancel() }
        try pipeline.addHandler(
            ApplicationProtocolNegotiationHandler { result, channel in
                channel.eventLoop.makeCompletedFuture {
                    timeout.cancel()
                    switch result {
                    case .negotiated("h2"): try configureHTTP2(channel, loop)
                    default: try configureHTTP1(channel, loop)
                    }
                }
            })
    }

    private static func configureHTTP1(_ channel: any Channel, _ loop: NIOLoopBound<LoopServices>) throws {
        let pipeline = channel.pipeline.syncOperations
        var encoding = HTTPResponseEncoder.Configuration()
        encoding.automaticallySetFramingHeaders = false
        try pipeline.addHandler(HTTPResponseEncoder(configuration: encoding), name: encoder)
        try pipeline.addHandler(
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)), name: decoder)
        try pipeline.addHandler(ExchangeHandler(loop: loop.value, isHTTP2: false), name: exchanges)
    }

    private static func configureHTTP2(_ channel: any Channel, _ loop: NIOLoopBound<LoopServices>) throws {
        let limits = loop.value.settings.limits
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 250),
            HTTP2Setting(parameter: .maxHeaderListSize, value: headerListLimit),
            HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
        ]
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = streamWindow
        // Tells the client to go when the connection is old or idle, or the gateway stops: GOAWAY, and the streams that
        // are under way go on.
        let manager = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: channel.eventLoop,
            configuration: .init(
                maxIdleTime: .nanoseconds(Int64(limits.idleTimeout.nanoseconds)),
                maxAge: .nanoseconds(Int64(limits.connectionAge.nanoseconds)), maxGraceTime: nil,
                keepalive: .init(pingInterval: .minutes(2), ackTimeout: .seconds(20))))
        let known = NIOLoopBound(HTTP2Connection(channel), eventLoop: channel.eventLoop)
        let handler = NIOHTTP2Handler(
            mode: .server, eventLoop: channel.eventLoop, connectionConfiguration: connection,
            streamConfiguration: stream, streamDelegate: manager.http2StreamDelegate
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                known.value.streamOpened()
                stream.closeFuture.whenComplete { _ in known.value.streamClosed() }
                let pipeline = stream.pipeline.syncOperations
                try pipeline.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
                try pipeline.addHandler(ExchangeHandler(loop: loop.value, isHTTP2: true), name: exchanges)
            }
        }
        try channel.pipeline.syncOperations.addHandler(SettingsAhead())
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.pipeline.syncOperations.addHandler(manager)
        try channel.pipeline.syncOperations.addHandler(HTTP2Faults(loop: loop.value))
        let registration = loop.value.connections.add(known.value)
        let registry = NIOLoopBound(loop.value.connections, eventLoop: channel.eventLoop)
        channel.closeFuture.whenComplete { _ in registry.value.removeHTTP2(registration) }
    }

    /// Takes HTTP/1.1 out of the pipeline, for what follows a 101; bytes that came behind the request are passed on.
    static func remove(from channel: any Channel) -> EventLoopFuture<Void> {
        let pipeline = channel.pipeline
        return pipeline.removeHandler(name: exchanges)
            .flatMap { pipeline.removeHandler(name: decoder) }
            .flatMap { pipeline.removeHandler(name: encoder) }
    }
}
