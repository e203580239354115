import KubernetesWire
import LocalState
import Synchronization
import Vocabulary

/// What the gateway shows an API server in `Authorization`. A client certificate lives in the TLS context instead.
final class UpstreamCredential: Sendable {
    /// How long a token file's contents are believed; kubelets rotate projected tokens well before they end, and
    /// client-go re-reads once a minute too.
    private static let tokenFileLifetime: UInt64 = 60_000_000_000

    private enum Kind {
        case none
        case token(String)
        case file(path: String)
        case plugin(PluginCredential)
    }

    private struct Cached {
        var header: String
        var readAt: UInt64
    }

    private let kind: Kind
    private let cached: Mutex<Cached?> = Mutex(nil)

    init(_ facts: KubeconfigUpstream) throws(UpstreamFault) {
        switch facts.credential {
        case .none, .clientCertificate: kind = .none
        case .token(let token): kind = .token("Bearer \(token)")
        case .tokenFile(let path):
            kind = .file(path: path)
            _ = try authorization()
        case .exec(let plugin): kind = .plugin(PluginCredential(plugin, for: facts))
        }
    }

    /// Asks for what must be asked for before the first request.
    func prepare() async throws(UpstreamFault) {
        if case .plugin(let plugin) = kind { try await plugin.renew() }
    }

    /// Keeps the credential fresh until the task is cancelled.
    func keepFresh() async {
        if case .plugin(let plugin) = kind { await plugin.keepFresh() }
    }

    /// The API server answered 401: what is cached is of no use.
    func refused() {
        cached.withLock { $0 = nil }
        if case .plugin(let plugin) = kind { plugin.refused() }
    }

    /// The header's value; nil where the connection itself proves who speaks.
    func authorization() throws(UpstreamFault) -> String? {
        switch kind {
        case .none: return nil
        case .token(let header): return header
        case .plugin(let plugin): return try plugin.authorization(now: .now())
        case .file(let path):
            let now = MonotonicClock.nanoseconds()
            if let known = cached.withLock({ $0 }), now - known.readAt < Self.tokenFileLifetime { return known.header }
            let header = "Bearer \(try Self.token(in: path))"
            cached.withLock { $0 = Cached(header: header, readAt: now) }
            return header
        }
    }

    private static func token(in path: String) throws(UpstreamFault) -> String {
        let bytes: [UInt8]
        do throws(FileFault) { bytes = try PrivateFile.readShared(path) } catch {
            throw .unreadable(path: path, cause: error.description)
        }
        let token = bytes.filter { $0 > 0x20 && $0 < 0x7F }
        guard !token.isEmpty else { throw .unreadable(path: path, cause: "it holds no token") }
        return String(decoding: token, as: UTF8.self)
    }
}
