import Authentication
import CurlTransport
import Forwarding
import Vocabulary

/// Gets issuers' keys over the network.
final class KeyFetcher: Sendable {
    /// Why keys could not be fetched, for the operator.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private static let patience = 10
    private static let limit = 1 << 20
    private let engine: CurlEngine

    init() throws(TransportFault) { engine = try CurlEngine() }

    /// The keys that an issuer's metadata leads to (OpenID Connect Discovery 1.0).
    func discovered(issuer: String, trust: Trust, algorithms: Set<String>) async throws -> KeySet {
        let url = ProviderMetadata.url(ofIssuer: issuer)
        let metadata = try ProviderMetadata(parsing: try await get(url, trust), of: issuer)
        return try await keys(url: metadata.keysURL, trust: trust, algorithms: algorithms)
    }

    /// The key set at an address.
    func keys(url: String, trust: Trust, algorithms: Set<String>) async throws -> KeySet {
        try await Self.keys(try await get(url, trust), from: url, algorithms)
    }

    /// The keys with which a cluster signs ServiceAccount tokens, asked of its API server with the gateway's credential.
    static func keys(of upstream: Upstream, algorithms: Set<String>) async throws -> KeySet {
        let path = "/openid/v1/jwks"
        let answer: ProbeAnswer
        do throws(UpstreamFault) { answer = try await upstream.probe(path) } catch {
            throw Fault(description: Refusal.sentence(error))
        }
        guard answer.status == 200 else { throw Fault(description: "\(path) answers with HTTP \(answer.status)") }
        return try await keys(answer.body, from: path, algorithms)
    }

    private func get(_ url: String, _ trust: Trust) async throws -> [UInt8] {
        let request = TransportRequest(
            method: "GET", url: url, headers: [("Accept", "application/json")], trust: trust, timeout: Self.patience)
        do throws(TransportFault) {
            let answer = try await engine.call(request, limit: Self.limit)
            guard answer.head.status == 200 else {
                throw TransportFault.badRequest("\(url) answers with HTTP \(answer.head.status)")
            }
            return answer.body
        } catch { throw Fault(description: "\(url): \(error)") }
    }

    private static func keys(_ bytes: [UInt8], from source: String, _ algorithms: Set<String>) async throws -> KeySet {
        guard let json = try? JSON(parsing: bytes), let keys = await KeySet(jwks: json, algorithms: algorithms) else {
            throw Fault(description: "\(source) is no JWK set")
        }
        guard !keys.isEmpty else { throw Fault(description: "\(source) holds no key that can verify a signature") }
        return keys
    }
}
