import NIOCore
import NIOHTTP1
import NIOPosix
import Recording

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `/livez`, `/readyz` and `/metrics`, on a listener of their own: plain HTTP for who runs the gateway.
final class MonitoringServer: Sendable {
    let address: String
    private let listener: any Channel

    private init(address: String, listener: any Channel) {
        self.address = address
        self.listener = listener
    }

    /// Returns nil where no address is configured.
    static func start(
        _ address: ListenAddress?, group: MultiThreadedEventLoopGroup, services: GatewayServices, server: GatewayServer,
        readiness: Readiness, version: String
    ) async throws(ServeFault) -> MonitoringServer? {
        guard let address else { return nil }
        let page: @Sendable (String) async -> (status: HTTPResponseStatus, type: String, text: String) = { path in
            switch path {
            case "/livez": return (.ok, "text/plain", "ok\n")
            case "/readyz":
                let report = readiness.report(issuers: services.settings.issuers)
                return (report.isReady ? .ok : .serviceUnavailable, "text/plain", report.text)
            case "/metrics":
                let (counted, open) = await server.metrics()
                let text = MetricsPage.write(
                    counted, open: open, readiness: readiness.report(issuers: services.settings.issuers),
                    recorderBacklog: services.recorder.backlogBytes, version: version)
                return (.ok, MetricsPage.contentType, text)
            default: return (.notFound, "text/plain", "there are /livez, /readyz and /metrics\n")
            }
        }
        do {
            let listener = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                        try pipeline.addHandler(MonitoringHandler(page: page))
                    }
                }
                .bind(host: address.host, port: address.port).get()
            let port = listener.localAddress?.port ?? address.port
            let host = address.host.contains(":") ? "[\(address.host)]" : address.host
            return MonitoringServer(address: "http://\(host):\(port)", listener: listener)
        } catch { throw .cannotListen(address: "\(address)", cause: ListenCause.sentence(error)) }
    }

    func stop() async { try? await listener.close() }
}

/// Answers one request after the other.
private final class MonitoringHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    typealias Page = @Sendable (String) async -> (status: HTTPResponseStatus, type: String, text: String)

    private let page: Page
    private var path = ""

    init(page: @escaping Page) { self.page = page }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): path = String(head.uri.prefix { $0 != "?" })
        case .body: break
        case .end:
            let answered = context.eventLoop.makePromise(
                of: (status: HTTPResponseStatus, type: String, text: String).self)
            let (page, path) = (page, path)
            answered.completeWithTask { await page(path) }
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            answered.futureResult.whenSuccess { answer in
                let context = bound.value
                var body = context.channel.allocator.buffer(capacity: answer.text.utf8.count)
                body.writeString(answer.text)
                let headers = HTTPHeaders([
                    ("Content-Type", answer.type), ("Content-Length", String(body.readableBytes)),
                ])
                let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
                context.write(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
                context.write(NIOAny(HTTPServerResponsePart.body(.byteBuffer(body))), promise: nil)
                context.writeAndFlush(NIOAny(HTTPServerResponsePart.end(nil)), promise: nil)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Why an address cannot be listened on, in words.
enum ListenCause {
    static func sentence(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return String(cString: strerror(error.errnoCode))
    }
}
