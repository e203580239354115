import CurlTransport
import LocalState
import Vocabulary

/// The device grant (RFC 8628): the person approves on a page, on this machine or another.
struct DeviceGrant {
    private let issuer: Issuer
    private let resource: String?
    private let code: String
    let userCode: String
    let page: String
    private let expiration: Timestamp
    private let interval: Int

    /// Asks the issuer for a code.
    init(_ issuer: Issuer, resource: String?) async throws(ClientFault) {
        guard let endpoint = issuer.deviceEndpoint else {
            throw .signIn(.noUsableGrant(issuer: issuer.url, offered: issuer.grants))
        }
        let answer = try await issuer.http.postForm(
            [("client_id", issuer.clientID), ("scope", issuer.scopes.joined(separator: " "))]
                + Issuer.field(resource: resource), to: endpoint)
        let document = try IssuerAnswer(answer, from: endpoint).document
        guard let code = document["device_code"]?.string, let userCode = document["user_code"]?.string,
            let page = document["verification_uri_complete"]?.string ?? document["verification_uri"]?.string
        else { throw .signIn(.unusableAnswer(from: endpoint, why: "it holds no device_code and page")) }
        self.issuer = issuer
        self.resource = resource
        self.code = code
        self.userCode = userCode
        self.page = page
        expiration = Timestamp.now().advanced(bySeconds: Int64(clamping: document["expires_in"]?.integer ?? 600))
        interval = min(max(document["interval"]?.integer ?? 5, 1), 60)
    }

    /// Polls until the person has decided.
    func approval() async throws(ClientFault) -> Issuer.Tokens {
        var interval = interval
        while Timestamp.now() < expiration {
            do { try await Task.sleep(for: .seconds(interval)) } catch { throw .signIn(.timedOut) }
            do throws(ClientFault) {
                return try await issuer.tokens(
                    [("grant_type", Issuer.deviceGrant), ("device_code", code), ("client_id", issuer.clientID)]
                        + Issuer.field(resource: resource))
            } catch {
                switch error {
                case .signIn(.refusedByIssuer("authorization_pending", _)): continue
                case .signIn(.refusedByIssuer("slow_down", _)), .signIn(.refusedByIssuer("HTTP 429", _)): interval += 5
                case .signIn(.refusedByIssuer("access_denied", _)): throw .signIn(.denied)
                case .signIn(.refusedByIssuer("expired_token", _)): throw .signIn(.timedOut)
                // RFC 8628 §3.5: a network that fails now and then is asked less often.
                case .unreachable(_, .timedOut), .unreachable(_, .broken(_)): interval = min(interval * 2, 60)
                default: throw error
                }
            }
        }
        throw .signIn(.timedOut)
    }
}
