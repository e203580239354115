import KubernetesWire
import NIOHTTP1
import Testing

@testable import Forwarding

@Suite struct ForwardedHeadTests {
    private func forwarded(
        _ headers: [(String, String)], hasBody: Bool = false, mayUpgrade: Bool = true
    ) throws -> ForwardedHead {
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: "/clusters/c/api?x=%20", headers: HTTPHeaders(headers))
        return ForwardedHead(
            head, target: try RequestTarget("/api?x=%20"), hasBody: hasBody, mayUpgrade: mayUpgrade)
    }

    @Test(arguments: [
        "Authorization", "impersonate-user", "Impersonate-Uid", "IMPERSONATE-Extra-byline.dev%2Fmodel", "X-Remote-User",
        "x-forwarded-for", "Forwarded", "Audit-ID", "baggage", "Cookie", "Host", "TE", "Upgrade", "Keep-Alive",
        "Proxy-Authorization", "Sec-WebSocket-Extensions", "Transfer-Encoding", "Byline-Attestation",
    ])
    func headersThatMayNotPassEndHere(name: String) throws {
        #expect(try forwarded([(name, "x"), ("Accept", "a")]).head.headers.map(\.name) == ["Accept"])
    }

    @Test func headersNamedInConnectionEndHereToo() throws {
        let head = try forwarded([
            ("Connection", "close, X-Hop"), ("X-Hop", "1"), ("X-End", "2"), ("Connection", "x-end"),
        ])
        #expect(head.head.headers.isEmpty)
        // Naming Content-Length there must not change the message's framing.
        let framed = try forwarded([("Connection", "content-length"), ("Content-Length", "5")], hasBody: true)
        #expect(framed.head.headers.map(\.name) == ["Content-Length"])
    }

    @Test func anUpgradeIsPassedOnWithoutTheBearerThatCanHideInIt() throws {
        let head = try forwarded([
            ("Connection", "keep-alive, Upgrade"), ("Upgrade", "websocket"),
            ("Sec-WebSocket-Protocol", "v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.c2VjcmV0"),
        ])
        #expect(head.isUpgrade)
        #expect(head.head.headers.first(name: "sec-websocket-protocol") == "v5.channel.k8s.io")
        #expect(head.head.headers.first(name: "upgrade") == "websocket")
        #expect(!head.isRepeatable)
    }

    @Test func whereNothingConnectsAnUpgradeEndsHere() throws {
        let head = try forwarded(
            [
                ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Key", "x"),
                ("sec-websocket-version", "13"), ("Sec-WebSocket-Protocol", "v5.channel.k8s.io"), ("Accept", "a"),
            ], mayUpgrade: false)
        #expect(!head.isUpgrade)
        #expect(head.head.headers.map(\.name) == ["Accept"])
    }

    @Test func whatGoesWithAnUpgradeEndsHereWithoutOne() throws {
        let head = try forwarded([("Upgrade", "websocket"), ("Sec-WebSocket-Key", "x"), ("Accept", "a")])
        #expect(!head.isUpgrade)
        #expect(head.head.headers.map(\.name) == ["Accept"])
    }

    @Test func whatWasJudgedIsWhatIsForwarded() throws {
        #expect(try forwarded([]).head.uri == "/api?x=%20")
        #expect(try forwarded([], hasBody: true).head.headers.first(name: "transfer-encoding") == "chunked")
    }
}
