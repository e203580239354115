import CurlTransport
import LocalState
import Tagging
import Vocabulary

/// The gateway: whether it is there, trusted, of the same time, and takes the sign-in.
struct GatewayChecks {
    /// A token's times are compared by clocks that may differ so far, in seconds.
    private static let clockSkew: Int64 = 30

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
        guard let url = known?.gateway ?? gateway else {
            return [.fault("gateway", "none is known", hint: "run: byline login https://GATEWAY")] + [
                self.signIn(signIn)
            ]
        }
        var checks = await reach(url, known?.trust ?? .system)
        checks.append(self.signIn(signIn))
        if known != nil, checks[0].state == .ok { checks.append(await token()) }
        return checks
    }

    /// Asks for the gateway's discovery document: the way, its certificate, its clock.
    private func reach(_ url: String, _ trust: Trust) async -> [Check] {
        let started = MonotonicClock.nanoseconds()
        let request = TransportRequest(method: "GET", url: "\(url)/.well-known/byline", trust: trust, timeout: 15)
        let answer: CurlEngine.Answer
        do throws(ClientFault) { answer = try await GatewayHTTP(engine: engine, trust: trust).send(request) } catch {
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
        var checks = [
            Check.ok("gateway", "\(url)\(version), certificate trusted, answered in \(milliseconds) ms"),
            clusters.isEmpty
                ? .note("clusters", "the gateway names none") : .ok("clusters", clusters.joined(separator: ", ")),
        ]
        if let date = answer.head.header("date").flatMap(HTTPDate.seconds) { checks.append(clock(date)) }
        return checks
    }

    private func clock(_ theirs: Int64) -> Check {
        let ahead = Timestamp.now().seconds - theirs
        guard abs(ahead) > Self.clockSkew else { return .ok("clock", "as the gateway's") }
        return .fault(
            "clock", "this machine's is \(abs(ahead)) s \(ahead > 0 ? "ahead of" : "behind") the gateway's",
            hint: "set it by NTP: tokens are refused by a clock that is off")
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
    private func token() async -> Check {
        do {
            let session = GatewaySession(
                try SigningIn(environment, engine), engine, gateway: gateway, byline: Byline())
            _ = try await session.current()
            return .ok("session token", "the gateway gives one")
        } catch let fault as ClientFault {
            return .fault("session token", fault)
        } catch { return .fault("session token", "\(error)", hint: "run: byline login URL") }
    }
}

/// HTTP's date (RFC 9110 §5.6.7).
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970; nil where the text is no date as servers send it now.
    static func seconds(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")?.seconds
    }
}
