import CurlTransport
import LocalState
import Tagging
import Vocabulary

/// The gateway: whether it is there, trusted, of the same time, and takes the sign-in.
struct GatewayChecks {
    private let environment: Environment
    private let engine: CurlEngine
    private let gateway: String?

    init(_ environment: Environment, _ engine: CurlEngine, gateway: String?) {
        self.environment = environment
        self.engine = engine
        self.gateway = gateway
    }

    func all() async -> [Check] {
        var signIn: Result<SignIn, ClientFault>
        do throws(ClientFault) {
            signIn = .success(try await SigningIn(environment, engine).current(gateway: gateway))
        } catch { signIn = .failure(error) }
        let known = try? signIn.get()
        let url: String
        let way: Way
        do throws(ClientFault) {
            let signingIn = try SigningIn(environment, engine)
            url = try signingIn.gateway(gateway)
            way = try signingIn.way(to: url, given: known?.way ?? Way())
        } catch {
            guard case .notSignedIn = error else { return [.fault("gateway", error)] }
            return [
                .fault("gateway", "none is known", hint: "run: byline login https://GATEWAY"), self.signIn(signIn),
            ]
        }
        var checks = await reach(url, way)
        checks.append(self.signIn(signIn))
        if known != nil, checks[0].state == .ok { checks += await token() }
        return checks
    }

    /// Asks for the gateway's discovery document: the way, its certificate, its clock.
    private func reach(_ url: String, _ way: Way) async -> [Check] {
        let started = MonotonicClock.nanoseconds()
        let request = TransportRequest(
            method: "GET", url: "\(url)/.well-known/byline", trust: way.gatewayTrust, timeout: 15)
        let answer: CurlEngine.Answer
        do throws(ClientFault) { answer = try await way.toGateway(engine).send(request) } catch {
            return [.fault("gateway", error)]
        }
        let milliseconds = (MonotonicClock.nanoseconds() - started) / 1_000_000
        guard answer.head.status == 200, let json = try? JSON(parsing: answer.body), json["issuers"] != nil else {
            return [
                .fault("gateway", .unexpectedAnswer(what: url, status: answer.head.status, detail: "it is no gateway"))
            ]
        }
        let clusters = json["clusters"]?.strings ?? []
        let version = json["version"]?.string.map { " (version \($0))" } ?? ""
        return [
            Check.ok("gateway", "\(url)\(version), certificate trusted, answered in \(milliseconds) ms"),
            clusters.isEmpty
                ? .note("clusters", "the gateway names none") : .ok("clusters", clusters.joined(separator: ", ")),
            clock(answer.head),
        ]
    }

    private func signIn(_ result: Result<SignIn, ClientFault>) -> Check {
        switch result {
        case .success(let signIn):
            let name = signIn.summary["username"]?.string ?? "somebody"
            return .ok("sign-in", "\(name), until \(signIn.expiration.rfc3339(fractionDigits: 0))")
        case .failure(let fault): return .fault("sign-in", fault)
        }
    }

    /// Exchanges the sign-in for a session token, as every run does.
    private func token() async -> [Check] {
        let name = "session token"
        do {
            let session = GatewaySession(
                try SigningIn(environment, engine), engine, gateway: gateway, byline: Byline())
            _ = try await session.current()
            return [.ok(name, "the gateway gives one")]
        } catch let fault as ClientFault {
            return [.fault(name, fault)]
        } catch { return [.fault(name, "\(error)", hint: "run: byline login URL")] }
    }

    private func clock(_ head: TransportHead) -> Check {
        guard let clocks = ClockDifference(head) else { return .ok("clock", "as the gateway's") }
        return .fault(
            "clock", "this machine's is \(clocks) the gateway's",
            hint: "set it by NTP: tokens are refused by a clock that is off")
    }
}
