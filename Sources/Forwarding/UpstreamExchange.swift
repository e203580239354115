public import NIOCore
public import NIOHTTP1
import Recording

/// Who is told how a forwarded exchange goes. All calls come on the exchange's event loop.
public protocol UpstreamObserver: AnyObject {
    func upstreamHead(_ head: HTTPResponseHead)
    func upstreamBody(_ bytes: ByteBuffer)
    /// The response is over. After a 101 the connection can be taken with `takeTunnel()`.
    func upstreamEnd(_ trailers: HTTPHeaders?)
    /// What came in this read has all been told: time to flush.
    func upstreamReadComplete()
    func upstreamWritabilityChanged()
    func upstreamFailed(_ fault: UpstreamFault)
}

/// One exchange on its way through an upstream connection: the body goes in here, the answer comes out at the observer.
/// Bound to one event loop.
public final class UpstreamExchange {
    let receipt: Receipt
    var head: ForwardedHead
    private weak var pool: UpstreamPool?
    private(set) weak var observer: (any UpstreamObserver)?
    private var connection: UpstreamConnection?
    /// Body parts given before a connection was there. The caller stops reading while `isWritable` is false, so these
    /// are what one read had brought.
    private var waiting: [HTTPClientRequestPart] = []
    private var wantsReads = true
    private(set) var requestEnded = false
    private(set) var responseBegan = false
    private(set) var responseEnded = false
    private(set) var isReusable = false
    private var isOver = false
    private var retried = false

    init(receipt: consuming Receipt, head: ForwardedHead, pool: UpstreamPool, observer: any UpstreamObserver) {
        self.receipt = receipt
        self.head = head
        self.pool = pool
        self.observer = observer
    }

    /// False while the cluster's side takes no more: stop reading from the caller.
    public var isWritable: Bool { connection?.isWritable ?? false }

    public func sendBody(_ bytes: ByteBuffer) { send(.body(.byteBuffer(bytes))) }

    public func sendEnd(_ trailers: HTTPHeaders?) {
        requestEnded = true
        send(.end(trailers))
    }

    /// Sends what was given. Until a connection is there nothing goes out; then everything does.
    public func flush() { connection?.flush() }

    /// Stops or resumes reading the answer.
    public func setReading(_ wanted: Bool) {
        wantsReads = wanted
        connection?.setReading(wanted)
    }

    /// Ends the exchange now; the cluster sees the connection close unless the exchange had ended already.
    public func cancel() {
        guard !isOver else { return }
        isOver = true
        observer = nil
        let connection = connection
        self.connection = nil
        connection?.abandon()
    }

    /// After a 101: the bare channel, for raw bytes both ways. It belongs to the caller from now on.
    public func takeTunnel() -> (any Channel)? {
        guard !isOver, let connection else { return nil }
        isOver = true
        self.connection = nil
        return connection.detach()
    }

    private func send(_ part: HTTPClientRequestPart) {
        guard !isOver else { return }
        if let connection { connection.write(part) } else { waiting.append(part) }
    }

    // MARK: what the pool and the connection tell

    /// Puts the exchange on a connection; what is written waits for a flush.
    func attach(_ connection: UpstreamConnection) {
        guard !isOver else { return connection.releaseUnused() }
        self.connection = connection
        connection.begin(self)
        connection.setReading(wantsReads)
        connection.write(.head(head.head))
        for part in waiting { connection.write(part) }
        waiting.removeAll()
        observer?.upstreamWritabilityChanged()
    }

    func received(_ part: HTTPClientResponsePart) {
        switch part {
        case .head(let head):
            responseBegan = true
            isReusable = head.isKeepAlive && head.status != .switchingProtocols
            observer?.upstreamHead(head)
        case .body(let bytes): observer?.upstreamBody(bytes)
        case .end(let trailers):
            responseEnded = true
            let observer = observer
            if head.isUpgrade, !isReusable {
                // After a 101 the observer takes the tunnel, so the connection stays ours until then.
                observer?.upstreamEnd(trailers)
                if !isOver, connection?.isTunnel != true { finish() }
            } else {
                finish()
                observer?.upstreamEnd(trailers)
            }
        }
    }

    func readComplete() { observer?.upstreamReadComplete() }

    func writabilityChanged() { observer?.upstreamWritabilityChanged() }

    /// The connection is gone, or never came to be.
    func failed(_ fault: UpstreamFault, onReusedConnection: Bool) {
        guard !isOver, !responseEnded else { return }
        connection = nil
        if onReusedConnection, !responseBegan, !retried, head.isRepeatable, let pool {
            // The server closed an idle connection as the request was written: it cannot have acted on it.
            retried = true
            if requestEnded { waiting = [.end(nil)] }
            pool.connect(self)
            return
        }
        isOver = true
        observer?.upstreamFailed(fault)
    }

    private func finish() {
        isOver = true
        let connection = connection
        self.connection = nil
        if isReusable, requestEnded { connection?.release() } else { connection?.abandon() }
    }
}
