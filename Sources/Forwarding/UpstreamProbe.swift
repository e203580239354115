import KubernetesWire
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The API server's answer to the gateway's own question.
public struct ProbeAnswer: Sendable {
    public let status: Int
    public let body: [UInt8]
    /// False where the body was longer than its limit and is cut there.
    public let isWhole: Bool
}

extension Upstream {
    /// Asks the API server for a path with the gateway's own credential. This is no exchange of a caller: nothing of one is
    /// in it.
    ///
    /// - Parameters:
    ///   - path: with its query.
    ///   - limit: how many bytes of the body are kept.
    /// - Returns: the answer.
    /// - Throws: why there is none.
    public func probe(_ path: String, limit: Int = 1 << 20) async throws(UpstreamFault) -> ProbeAnswer {
        var headers = HTTPHeaders([("Host", address.authority), ("Connection", "close")])
        if let authorization = try credential.authorization() {
            headers.add(name: "Authorization", value: authorization)
        }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: address.pathPrefix + path, headers: headers)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = eventLoop.makePromise(of: ProbeAnswer.self)
        let (tls, serverName) = (tls, serverName)
        do {
            let channel = try await ClientBootstrap(group: eventLoop).connectTimeout(.seconds(10))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverName))
                        try pipeline.addHTTPClientHandlers()
                        try pipeline.addHandler(ProbeHandler(answer: answer, limit: limit))
                    }
                }
                .connect(host: address.host, port: address.port).get()
            defer { channel.close(promise: nil) }
            let timeout = eventLoop.scheduleTask(in: .seconds(10)) {
                answer.fail(ChannelError.connectTimeout(.seconds(10)))
            }
            try await channel.eventLoop.submit {
                channel.write(HTTPClientRequestPart.head(head), promise: nil)
                channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
            }.get()
            let result = try await answer.futureResult.get()
            timeout.cancel()
            return result
        } catch {
            answer.fail(error)
            throw .unreachable(address: address.authority, cause: NetworkCause.sentence(error))
        }
    }
}

/// Takes the one answer.
private final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let answer: EventLoopPromise<ProbeAnswer>
    private let limit: Int
    private var status = 0
    private var length = 0
    private var body: [UInt8] = []

    init(answer: EventLoopPromise<ProbeAnswer>, limit: Int) {
        self.answer = answer
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let bytes):
            length += bytes.readableBytes
            if body.count < limit { body.append(contentsOf: bytes.readableBytesView.prefix(limit - body.count)) }
        case .end: answer.succeed(ProbeAnswer(status: status, body: body, isWhole: length == body.count))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(ChannelError.eof) }
}

/// Network errors in words that a person knows.
public enum NetworkCause {
    public static func sentence(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let dns = error.dnsAError ?? error.dnsAAAAError, error.connectionErrors.isEmpty {
                return "its name cannot be resolved (\(dns))"
            }
            return error.connectionErrors.first.map { sentence($0.error) } ?? "no address of it can be reached"
        case let error as IOError: return String(cString: strerror(error.errnoCode))
        case let error as NIOSSLError:
            return "TLS failed: \(error)"
        case ChannelError.connectTimeout: return "it did not answer within 10 s"
        case ChannelError.eof: return "it closed the connection"
        // Swift's dump of an error says nothing to a reader of the record.
        default: return "the connection failed"
        }
    }
}
