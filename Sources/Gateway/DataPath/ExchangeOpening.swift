import KubernetesWire
import LocalState
import Masking
import NIOCore
import NIOHTTP1
import Recording
import Vocabulary

extension Opening {
    /// What a request's head, and its body where all of it is there, say of the exchange that it begins.
    init(
        _ exchange: ExchangeID, _ head: HTTPRequestHead, _ target: RequestTarget, source: String,
        request: RequestInfo?, body: [ByteBuffer]?
    ) {
        self.init(
            exchange: exchange, invocation: head.headers.first(name: "kubectl-session"), method: head.method.rawValue,
            target: RecordedTarget.record(target), headers: RecordedHeaders.record(head.headers),
            sourceAddress: source, userAgent: head.headers.first(name: "user-agent"),
            callerAuditID: head.headers.first(name: "audit-id"), time: .now())
        options = request.map { request in
            RequestOptions(
                info: request, query: target.query, contentType: head.headers.first(name: "content-type"),
                body: body?.flatMap { Array($0.readableBytesView) })
        }
    }
}
