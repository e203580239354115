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

    /// The latest sessions, as `{"sessions": […]}`.
    public func sessions(limit: Int) async throws(ClientFault) -> JSON {
        try await signIn.way.toGateway(engine).json(request("sessions?limit=\(limit)"))
    }

    /// A session and its exchanges; nil where there is none of that id.
    public func session(_ id: String) async throws(ClientFault) -> JSON? {
        try await optional("sessions/\(PercentEncoding.encode(id))")
    }

    /// An exchange; nil where there is none of that id.
    public func exchange(_ id: String) async throws(ClientFault) -> JSON? {
        try await optional("exchanges/\(PercentEncoding.encode(id))")
    }

    /// The recorded bytes of one direction, `request` or `response`.
    public func body(of id: String, _ direction: String) async throws(ClientFault) -> [UInt8] {
        let answer = try await signIn.way.toGateway(engine)
            .send(request("exchanges/\(PercentEncoding.encode(id))/\(direction)"))
        guard answer.head.status == 200 else {
            throw .unexpectedAnswer(what: signIn.gateway, status: answer.head.status, detail: "")
        }
        return answer.body
    }

    private func optional(_ path: String) async throws(ClientFault) -> JSON? {
        do throws(ClientFault) {
            return try await signIn.way.toGateway(engine).json(request(path))
        } catch {
            if case .refusedByGateway(404, _) = error { return nil }
            throw error
        }
    }

    private func request(_ path: String) -> TransportRequest {
        TransportRequest(
            method: "GET", url: "\(signIn.gateway)/byline/v1/\(path)",
            headers: [("Authorization", "Bearer \(signIn.subjectToken)")], trust: signIn.way.gatewayTrust, timeout: 120)
    }
}
