import Authorization
import KubernetesWire
public import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import Recording
import Vocabulary

/// The connections of one event loop to one cluster. A connection and the caller's connection that it serves share
/// their event loop: a hop between two would cost more than the work.
public final class UpstreamPool {
    /// How many idle connections are kept.
    private static let maximumIdle = 64
    /// How much one read takes, in bytes: a long answer comes in few reads, each one decrypted, digested and recorded.
    private static let readBuffers = AdaptiveRecvByteBufferAllocator(
        minimum: 2 << 10, initial: 16 << 10, maximum: 256 << 10)

    private let upstream: Upstream
    private let eventLoop: any EventLoop
    private var idle: [UpstreamConnection] = []
    private var isClosed = false

    public init(upstream: Upstream, eventLoop: any EventLoop) {
        self.upstream = upstream
        self.eventLoop = eventLoop
    }

    /// Sends a request on its way with the exchange's next flush. The receipt is spent: it proves that the exchange's record was opened.
    ///
    /// - Returns: the exchange, into which the body goes; how it ends is told to the observer.
    public func forward(
        _ receipt: consuming Receipt, _ head: ForwardedHead, observer: any UpstreamObserver
    ) throws(UpstreamFault) -> UpstreamExchange {
        var head = head
        try head.address(to: upstream, exchange: receipt.exchange, caller: receipt.permit.request.caller)
        let exchange = UpstreamExchange(receipt: receipt, head: head, pool: self, observer: observer)
        if let connection = takeIdle() { exchange.attach(connection) } else { connect(exchange) }
        return exchange
    }

    /// Closes what is idle and keeps nothing from now on.
    public func close() {
        isClosed = true
        let connections = idle
        idle = []
        for connection in connections { connection.abandon() }
    }

    private func takeIdle() -> UpstreamConnection? {
        while let connection = idle.popLast() {
            if connection.isActive { return connection }
        }
        return nil
    }

    func putBack(_ connection: UpstreamConnection) {
        guard !isClosed, connection.isActive, idle.count < Self.maximumIdle else { return connection.abandon() }
        idle.append(connection)
    }

    func forget(_ connection: UpstreamConnection) { idle.removeAll { $0 === connection } }

    /// Opens a new connection for the exchange.
    func connect(_ exchange: UpstreamExchange) {
        let address = upstream.address.authority
        let connection = UpstreamConnection(pool: self, address: address)
        let bound = NIOLoopBound((exchange: exchange, connection: connection), eventLoop: eventLoop)
        let (tls, serverName) = (upstream.tls, upstream.serverName)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(.seconds(10))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: Self.readBuffers)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    var encoding = HTTPRequestEncoder.Configuration()
                    encoding.automaticallySetFramingHeaders = false
                    try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverName))
                    try pipeline.addHandler(HTTPRequestEncoder(configuration: encoding), name: UpstreamCodec.encoder)
                    try pipeline.addHandler(
                        ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes)),
                        name: UpstreamCodec.decoder)
                    try pipeline.addHandler(bound.value.connection, name: UpstreamCodec.connection)
                }
            }
            .connect(host: upstream.address.host, port: upstream.address.port)
            .whenComplete { result in
                let (exchange, connection) = bound.value
                switch result {
                case .success:
                    exchange.attach(connection)
                    connection.flush()
                case .failure(let error):
                    exchange.failed(
                        .unreachable(address: address, cause: NetworkCause.sentence(error)), onReusedConnection: false)
                }
            }
    }
}
