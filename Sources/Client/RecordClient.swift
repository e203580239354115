public import CurlTransport
public import Vocabulary

/// Reads the record through the gateway's API.
public struct RecordClient: Sendable {
    private let engine: CurlEngine
    private let signIn: SignIn

    /// Reads at a gateway, or at the one signed in at last.
    public init(_ environment: Environment, _ engine: CurlEngine, gateway: String?) async throws(ClientFault) {
        self.engine = engine
        signIn = try await SigningIn(environment, engine).current(gateway: gateway ?? environment.gateway)
    }

    /// An exchange; nil where there is none of that id.
    public func exchange(_ id: String) async throws(ClientFault) -> JSON? {
        try await optional("exchanges/\(PercentEncoding.encode(id))")
    }

    /// The recorded bytes of one direction, `request` or `response`, piece by piece: of one channel of an upgraded
    /// connection, or of all that carry content.
    public func body(
        of id: String, _ direction: String, channel: String? = nil
    ) async throws(ClientFault) -> RecordBody {
        let query = channel.map { "?channel=\(PercentEncoding.encode($0))" } ?? ""
        return try await stream("exchanges/\(PercentEncoding.encode(id))/\(direction)\(query)")
    }

    /// What passed through an exchange's channels, a line of JSON each chunk.
    public func stream(of id: String) async throws(ClientFault) -> RecordBody {
        try await stream("exchanges/\(PercentEncoding.encode(id))/stream")
    }

    private func stream(_ path: String) async throws(ClientFault) -> RecordBody {
        let body = RecordBody(StreamedAnswer(engine, request(path, timeout: nil)), gateway: signIn.gateway)
        try await body.begin()
        return body
    }

    private func optional(_ path: String) async throws(ClientFault) -> JSON? {
        do throws(ClientFault) { return try await json(path) } catch {
            if case .refusedByGateway(404, _) = error { return nil }
            throw error
        }
    }

    /// A page of the API.
    func json(_ path: String) async throws(ClientFault) -> JSON {
        try await signIn.way.toGateway(engine).json(request(path))
    }

    private func request(_ path: String, timeout: Int? = 120) -> TransportRequest {
        var request = TransportRequest(
            method: "GET", url: "\(signIn.gateway)/byline/v1/\(path)",
            headers: [("Authorization", "Bearer \(signIn.subjectToken)")], trust: signIn.way.gatewayTrust,
            timeout: timeout)
        request.clientCertificate = signIn.way.clientCertificate
        return request
    }
}

/// Recorded bytes as they come from the gateway.
public struct RecordBody: Sendable {
    private let answer: StreamedAnswer
    private let gateway: String

    init(_ answer: StreamedAnswer, gateway: String) {
        self.answer = answer
        self.gateway = gateway
    }

    fileprivate func begin() async throws(ClientFault) {
        let status: Int
        do throws(TransportFault) { status = try await answer.head().status } catch {
            throw .unreachable(what: gateway, error)
        }
        guard status == 200 else {
            let json = try? JSON(parsing: try await first(Self.longestRefusal).bytes)
            throw GatewayHTTP.refusal(of: gateway, status: status, json)
        }
    }

    /// A Status is read up to this length, in bytes.
    private static let longestRefusal = 64 << 10

    /// The next piece; nil at the end.
    public func next() async throws(ClientFault) -> [UInt8]? {
        do throws(TransportFault) { return try await answer.next() } catch {
            throw .recordCut(gateway: gateway, cause: "\(error)")
        }
    }

    /// As many bytes as `limit` at most, and how many more there are.
    public func first(_ limit: Int) async throws(ClientFault) -> (bytes: [UInt8], more: Int) {
        var bytes: [UInt8] = []
        var more = 0
        while let piece = try await next() {
            let taken = piece.prefix(limit - bytes.count)
            bytes += taken
            more += piece.count - taken.count
        }
        return (bytes, more)
    }
}
