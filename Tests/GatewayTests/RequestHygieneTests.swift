import KubernetesWire
import NIOHTTP1
import Testing

@testable import Gateway

@Suite struct RequestHygieneTests {
    private static let clean: [(String, String)] = [("Host", "gateway"), ("Authorization", "Bearer x")]

    private func refusal(
        _ headers: [(String, String)] = clean, method: HTTPMethod = .GET, version: HTTPVersion = .http1_1,
        uri: String = "/", isHTTP2: Bool = false
    ) -> Refusal? {
        let head = HTTPRequestHead(version: version, method: method, uri: uri, headers: HTTPHeaders(headers))
        return RequestHygiene.refusal(of: head, isHTTP2: isHTTP2, limits: .init())
    }

    @Test func aCleanHeadPasses() {
        #expect(refusal() == nil)
        #expect(refusal(Self.clean + [("Content-Length", "0")], method: .POST) == nil)
        #expect(refusal(Self.clean + [("Transfer-Encoding", "Chunked")], method: .POST) == nil)
        #expect(refusal([("Authorization", "Bearer x")], version: .http2, isHTTP2: true) == nil)
        #expect(refusal(Self.clean + [("X_Custom", "1")]) == nil)
    }

    /// HTTP/2 refuses a caller's own Transfer-Encoding (RFC 9113 §8.2.2); this one is the codec's word for it.
    @Test func aBodyOfUnknownLengthOverHTTP2Passes() {
        let head = [("Host", "gateway"), ("Transfer-Encoding", "chunked")]
        #expect(refusal(head, method: .POST, version: .http1_1, isHTTP2: true) == nil)
    }

    @Test(arguments: [
        [("Host", "a"), ("host", "b")], [("X", "y")], clean + [("Content-Length", "5"), ("Content-Length", "5")],
        clean + [("Content-Length", "5"), ("Transfer-Encoding", "chunked")], clean + [("Content-Length", "+5")],
        clean + [("Content-Length", "5, 5")], clean + [("Content-Length", "99999999999999999999")],
        clean + [("Transfer-Encoding", "gzip, chunked")], clean + [("Transfer-Encoding", "identity")],
        clean + [("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")],
        clean + [("Impersonate_User", "root")], clean + [("x_remote_user", "root")],
    ])
    func whatCanBeReadInTwoWaysIsRefused(_ headers: [(String, String)]) {
        #expect(refusal(headers)?.status.code == 400)
    }

    @Test(arguments: ["a b", "a/b", "u@x", "[::1", "a:b:c", ""])
    func aHostThatIsNoneIsRefused(_ host: String) { #expect(refusal([("Host", host)])?.status.code == 400) }

    @Test(arguments: ["gateway", "127.0.0.1:8443", "[::1]:8443", "[::1]", "gw.example."])
    func aHostPasses(_ host: String) { #expect(refusal([("Host", host)]) == nil) }

    @Test func refusesMethodsThatKubernetesDoesNotHave() {
        for method in [HTTPMethod.CONNECT, .TRACE, .RAW(value: "PROPFUND")] {
            #expect(refusal(method: method)?.status.code == 405)
        }
    }

    @Test func refusesWhatIsTooLong() {
        #expect(refusal(uri: "/" + String(repeating: "a", count: 90_000))?.status.code == 431)
        #expect(refusal(Self.clean + [("X", String(repeating: "a", count: 90_000))])?.status.code == 431)
        #expect(refusal(Self.clean + [("Content-Length", "4000000000")], method: .POST)?.status.code == 413)
    }
}
