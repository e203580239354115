public import NIOCore
public import NIOHTTP1
import Recording
public import Vocabulary

/// A request to the gateway itself, whole: its body is small and held in memory.
public struct ControlRequest: Sendable {
    public let method: String
    /// As it came, without the query.
    public let path: String
    /// As it came; empty where there is none.
    public let query: String
    public let headers: HTTPHeaders
    public let body: [UInt8]
    /// The other end of the connection.
    public let peer: SocketAddress?
    /// This end of the connection.
    public let local: SocketAddress?
    /// The client certificate that the connection showed, as RFC 8705 names it.
    public let certificateThumbprint: String?

    public init(
        method: String, path: String, query: String, headers: HTTPHeaders, body: [UInt8], peer: SocketAddress?,
        local: SocketAddress?, certificateThumbprint: String? = nil
    ) {
        self.certificateThumbprint = certificateThumbprint
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.peer = peer
        self.local = local
    }
}

/// The gateway's own answer.
public struct ControlResponse: Sendable {
    public var status: HTTPResponseStatus
    public var headers: HTTPHeaders
    /// The whole body, unless `stream` brings it.
    public var body: [UInt8]
    /// Gives the body piece by piece, nil at its end; an error cuts the response short.
    public var stream: (@Sendable () async throws -> ByteBuffer?)?
    /// What is to be recorded where this refuses something.
    var refusal: Refusal?
    /// What is to be recorded beside, before the answer is given.
    var note: GatewayNote?
    /// The prompt that it takes; the answer is given when it is on its way to the journal.
    var prompt: SentPrompt?
    /// Whom it lets read the record; that is recorded first.
    var reader: Identity?
    /// True where the stream goes on until somebody ends it.
    var isWatch = false

    public init(_ status: HTTPResponseStatus, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// JSON that nobody may keep: it can hold tokens or records.
    public static func json(_ status: HTTPResponseStatus, _ value: JSON) -> ControlResponse {
        ControlResponse(
            status, headers: HTTPHeaders([("Content-Type", "application/json"), ("Cache-Control", "no-store")]),
            body: value.canonicalBytes + [UInt8(ascii: "\n")])
    }
}

/// What answers requests to the gateway itself.
public protocol ControlPages: Sendable {
    func respond(to request: ControlRequest) async -> ControlResponse
}
