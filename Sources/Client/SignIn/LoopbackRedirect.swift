import LocalState
import NIOCore
import NIOHTTP1
import NIOPosix
import Vocabulary

/// A listener on 127.0.0.1 to which the issuer's page sends the browser back (RFC 8252 §7.3). It takes one answer, of
/// the right state, and nothing else.
final class LoopbackRedirect: Sendable {
    static let path = "/callback"

    let uri: String
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup
    private let promise: EventLoopPromise<FormFields?>

    private init(
        uri: String, channel: any Channel, group: MultiThreadedEventLoopGroup, promise: EventLoopPromise<FormFields?>
    ) {
        self.uri = uri
        self.channel = channel
        self.group = group
        self.promise = promise
    }

    static func listen(port: Int?, state: String) async throws(ClientFault) -> LoopbackRedirect {
        let socket: BoundSocket
        do throws(BoundSocket.Fault) { socket = try BoundSocket(host: "127.0.0.1", port: port ?? 0) } catch {
            if case .portInUse(let port) = error { throw .signIn(.redirectPortInUse(port)) }
            throw .cannotListen("\(error)")
        }
        let host = "127.0.0.1:\(socket.port)"
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let promise = group.next().makePromise(of: FormFields?.self)
        do {
            let channel = try await ServerBootstrap(group: group)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                        try channel.pipeline.syncOperations.addHandler(
                            RedirectHandler(host: host, state: state, promise: promise))
                    }
                }
                .withBoundSocket(socket.take()).get()
            return LoopbackRedirect(uri: "http://\(host)\(path)", channel: channel, group: group, promise: promise)
        } catch {
            promise.succeed(nil)
            throw .cannotListen("\(error)")
        }
    }

    /// The fields that the browser brought; nil where it did not come in time.
    func answer(within seconds: Int) async -> FormFields? {
        let timer = group.next().scheduleTask(in: .seconds(Int64(seconds))) { [promise] in promise.succeed(nil) }
        defer { timer.cancel() }
        return try? await promise.futureResult.get()
    }

    func stop() async {
        try? await channel.close()
        try? await group.shutdownGracefully()
    }
}

/// One connection of a browser.
private final class RedirectHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let host: String
    private let state: String
    private let promise: EventLoopPromise<FormFields?>
    private var head: HTTPRequestHead?

    init(host: String, state: String, promise: EventLoopPromise<FormFields?>) {
        self.host = host
        self.state = state
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end: if let head { respond(to: head, context) }
        }
    }

    private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard head.headers["host"] == [host], head.method == .GET, parts[0] == LoopbackRedirect.path else {
            return write(.notFound, "This is not a page.", context)
        }
        guard let fields = FormFields(parsing: parts.count == 2 ? parts[1] : ""), fields["state"] == state else {
            return write(.badRequest, "This answer does not belong to a sign-in that is waiting.", context)
        }
        let text =
            fields["error"] == nil
            ? "Thank you. You can close this page; the terminal goes on."
            : "The sign-in was not approved. You can close this page; the terminal says more."
        let promise = promise
        write(.ok, text, context) { promise.succeed(fields) }
    }

    private func write(
        _ status: HTTPResponseStatus, _ text: String, _ context: ChannelHandlerContext,
        then done: (@Sendable () -> Void)? = nil
    ) {
        let page = "<!doctype html><meta charset=utf-8><title>byline</title><p>\(text)</p>\n"
        let headers = HTTPHeaders([
            ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", String(page.utf8.count)),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"), ("Connection", "close"),
        ])
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: page)))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            done?()
            channel.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
