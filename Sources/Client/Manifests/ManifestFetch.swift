import CurlTransport
import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Fetches the manifest that a URL names, as kubectl does: three attempts, a second apart, where the server or the way to
/// it fails.
struct ManifestFetch {
    let engine: CurlEngine

    private static let attempts = 3
    private static let redirects = 10

    static func isURL(_ name: String) -> Bool { name.hasPrefix("http://") || name.hasPrefix("https://") }

    func bytes(of url: String) async throws -> [UInt8] {
        var cause = ""
        for attempt in 1...Self.attempts {
            if attempt > 1 { try await Task.sleep(for: .seconds(1)) }
            do throws(TransportFault) {
                let answer = try await get(url)
                if answer.head.status == 200 { return answer.body }
                cause = "the server answers with HTTP \(answer.head.status)"
                guard answer.head.status >= 500 else { break }
            } catch {
                cause = "\(error)"
                if case .badRequest = error { break }
                if case .untrusted = error { break }
            }
        }
        throw ClientFault.manifest(.cannotFetch(url: Self.withoutUser(url), cause: cause))
    }

    private func get(_ url: String) async throws(TransportFault) -> CurlEngine.Answer {
        var target = url
        for _ in 0...Self.redirects {
            var request = TransportRequest(method: "GET", url: target, trust: .system, timeout: 60)
            request.allowsPlainHTTP = url.hasPrefix("http://")
            let answer = try await engine.call(request)
            guard [301, 302, 303, 307, 308].contains(answer.head.status), let next = answer.head.header("location")
            else { return answer }
            target = Self.resolve(next, from: target)
        }
        throw .badRequest("more than \(Self.redirects) redirects")
    }

    /// A redirect's target, which may leave out what it shares with where it comes from (RFC 9110, 10.2.2).
    static func resolve(_ target: String, from url: String) -> String {
        if isURL(target) { return target }
        let scheme = url.hasPrefix("https:") ? "https:" : "http:"
        if target.hasPrefix("//") { return scheme + target }
        let rest = url.dropFirst(scheme.count + 2)
        let origin = "\(scheme)//\(rest.prefix { !"/?#".contains($0) })"
        if target.hasPrefix("/") { return origin + target }
        let path = rest.drop { !"/?#".contains($0) }.prefix { !"?#".contains($0) }
        return "\(origin)\(path.isEmpty ? "/" : path[...(path.lastIndex(of: "/") ?? path.startIndex)])\(target)"
    }

    /// A URL as it can be shown: without a name and password before its host.
    static func withoutUser(_ url: String) -> String {
        guard let start = url.firstRange(of: "://")?.upperBound else { return url }
        let host = url[start...].prefix { !"/?#".contains($0) }
        guard let at = host.lastIndex(of: "@") else { return url }
        return String(url[..<start]) + url[url.index(after: at)...]
    }
}
