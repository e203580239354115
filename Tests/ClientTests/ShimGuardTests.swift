import NIOHTTP1
import Testing

@testable import Client

@Suite struct ShimGuardTests {
    let guardian = ShimGuard(bearer: "right", host: "127.0.0.1:4321")

    private func judge(_ headers: [(String, String)]) -> ShimGuard.Verdict {
        guardian.judge(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: HTTPHeaders(headers)))
    }

    @Test func theChildItWasOpenedForIsServed() {
        #expect(judge([("Host", "127.0.0.1:4321"), ("Authorization", "Bearer right")]) == .allowed)
    }

    @Test func anotherUsersProcessIsNot() {
        #expect(judge([("Host", "127.0.0.1:4321")]) == .wrongBearer)
        #expect(judge([("Host", "127.0.0.1:4321"), ("Authorization", "Bearer wrong")]) == .wrongBearer)
        #expect(
            judge([("Host", "127.0.0.1:4321"), ("Authorization", "Bearer right"), ("Authorization", "Bearer right")])
                == .wrongBearer)
    }

    @Test func aPageInABrowserIsNot() {
        let bearer = ("Authorization", "Bearer right")
        #expect(judge([("Host", "rebound.example:4321"), bearer]) == .wrongHost)
        #expect(judge([("Host", "localhost:4321"), bearer]) == .wrongHost)
        #expect(judge([bearer]) == .wrongHost)
        #expect(judge([("Host", "127.0.0.1:4321"), ("Host", "127.0.0.1:4321"), bearer]) == .wrongHost)
        #expect(judge([("Host", "127.0.0.1:4321"), ("Origin", "https://evil.example"), bearer]) == .fromBrowser)
        #expect(judge([("Host", "127.0.0.1:4321"), ("Access-Control-Request-Method", "GET")]) == .fromBrowser)
    }
}
