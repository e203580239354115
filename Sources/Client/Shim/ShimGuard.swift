import Crypto
import NIOHTTP1

/// Decides whether a request on the loopback listener comes from the child it was opened for, and not from another
/// user's process or a page in a browser.
struct ShimGuard: Sendable {
    private let key = SymmetricKey(size: .bits256)
    private let expected: HMAC<SHA256>.MAC
    private let host: String

    init(bearer: String, host: String) {
        expected = HMAC<SHA256>.authenticationCode(for: Array("Bearer \(bearer)".utf8), using: key)
        self.host = host
    }

    enum Verdict: Equatable {
        case allowed
        case wrongBearer
        /// A name that resolves to 127.0.0.1 is how a web page would reach it (DNS rebinding).
        case wrongHost
        /// Sent by a browser.
        case fromBrowser
    }

    func judge(_ head: HTTPRequestHead) -> Verdict {
        // Python's WebSocket client names its server as its origin; no page comes from there.
        if head.headers["origin"].contains(where: { $0 != "https://\(host)" })
            || head.headers.contains(name: "access-control-request-method")
        {
            return .fromBrowser
        }
        guard head.headers["host"] == [host] else { return .wrongHost }
        let offered = head.headers["authorization"]
        guard offered.count == 1, let value = offered.first,
            HMAC<SHA256>.isValidAuthenticationCode(expected, authenticating: Array(value.utf8), using: key)
        else { return .wrongBearer }
        return .allowed
    }
}
