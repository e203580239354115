import CurlTransport
import LoopbackTLS
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@Suite struct CurlEngineTests {
    @Test func aServerThatIsNotTrustedIsNotTalkedTo() async throws {
        let server = try await EchoServer.start()
        let engine = try CurlEngine()
        let other = try CertificateAuthority(named: "other", validFor: 1)
        for trust in [Trust.system, .authorities(Array(other.certificatePEM.utf8))] {
            do {
                _ = try await engine.call(TransportRequest(method: "GET", url: server.url, trust: trust))
                Issue.record("it was talked to")
            } catch {
                if case .untrusted = error { continue }
                Issue.record("\(error)")
            }
        }
        #expect(server.requests.withLock { $0 } == 0)
        await server.stop()
    }

    @Test func bodiesGoBothWaysWhole() async throws {
        let server = try await EchoServer.start()
        let engine = try CurlEngine()
        for count in [0, 1, 70_000, 5_000_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let answer = try await engine.call(
                TransportRequest(method: "POST", url: server.url, body: .bytes(bytes), trust: server.trust))
            #expect(answer.head.status == 200)
            #expect(answer.head.header("X-Method") == "POST")
            #expect(answer.body == bytes)
        }
        let get = try await engine.call(TransportRequest(method: "DELETE", url: server.url, trust: server.trust))
        #expect(get.head.header("x-method") == "DELETE")
        await server.stop()
    }

    @Test func anAnswerThatIsTooLongIsNotHeld() async throws {
        let server = try await EchoServer.start()
        let engine = try CurlEngine()
        let request = TransportRequest(
            method: "POST", url: server.url, body: .bytes([UInt8](repeating: 7, count: 1_000_000)), trust: server.trust)
        await #expect(throws: TransportFault.tooLarge(limit: 1_000)) { try await engine.call(request, limit: 1_000) }
        await server.stop()
    }

    @Test func nobodyAtThePortIsToldAsSuch() async throws {
        let engine = try CurlEngine()
        do {
            _ = try await engine.call(TransportRequest(method: "GET", url: "https://127.0.0.1:1/", trust: .system))
            Issue.record("somebody answered")
        } catch {
            if case .unreachable = error { return }
            Issue.record("\(error)")
        }
    }

    @Test func onlyHTTPSIsSpoken() async throws {
        let engine = try CurlEngine()
        for url in ["http://127.0.0.1:1/", "file:///etc/passwd"] {
            do {
                _ = try await engine.call(TransportRequest(method: "GET", url: url, trust: .system))
                Issue.record("\(url) was read")
            } catch {
                if case .badRequest = error { continue }
                Issue.record("\(error)")
            }
        }
    }
}

/// Answers every request with its own body.
private final class EchoServer: Sendable {
    let url: String
    let trust: Trust
    let requests: Mutex<Int> = Mutex(0)
    private let channel: Mutex<(any Channel)?> = Mutex(nil)

    private init(url: String, trust: Trust) {
        self.url = url
        self.trust = trust
    }

    static func start() async throws -> EchoServer {
        let authority = try CertificateAuthority(named: "echo", validFor: 1)
        let certificate = try authority.issueServerCertificate(
            names: ["localhost"], addresses: ["127.0.0.1"], validFor: 1)
        let tls = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.certificatePEM.utf8)).map {
                    .certificate($0)
                },
                privateKey: .privateKey(
                    try NIOSSLPrivateKey(bytes: Array(certificate.privateKeyPEM.utf8), format: .pem))))
        let box = ServerBox()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(EchoHandler(box))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = EchoServer(
            url: "https://127.0.0.1:\(channel.localAddress?.port ?? 0)/",
            trust: .authorities(Array(authority.certificatePEM.utf8)))
        server.channel.withLock { $0 = channel }
        box.server.withLock { $0 = server }
        return server
    }

    func stop() async { try? await channel.withLock { $0 }?.close() }
}

private final class ServerBox: Sendable {
    let server: Mutex<EchoServer?> = Mutex(nil)
}

private final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let box: ServerBox

    init(_ box: ServerBox) { self.box = box }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            box.server.withLock { $0 }?.requests.withLock { $0 += 1 }
            let answer = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["X-Method": head.method.rawValue])
            context.write(wrapOutboundOut(.head(answer)), promise: nil)
        case .body(let bytes): context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        case .end: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
