import KubernetesWire
import Masking
import Testing

@Suite struct RecordedFormTests {
    @Test func onlyAllowedHeadersAreRecordedAndNoCredential() {
        let headers = [
            (name: "Authorization", value: "Bearer a"), (name: "Cookie", value: "b"), (name: "Accept", value: "*/*"),
            (name: "X-Anything", value: "c"), (name: "Proxy-Authorization", value: "d"),
            (name: "Sec-WebSocket-Protocol", value: "v4.channel.k8s.io,\tbase64url.bearer.authorization.k8s.io.ZQ"),
        ]
        let recorded = RecordedHeaders.record(headers)
        #expect(recorded.map(\.0) == ["accept", "sec-websocket-protocol"])
        #expect(recorded[1].1.text == "v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.masked")
    }

    @Test(arguments: [
        ("/api/v1/pods?watch=1&token=abc&x=y", "/api/v1/pods?watch=1&token=masked&x=y"),
        ("/p?access_token=a&password=b", "/p?access_token=masked&password=masked"), ("/p?tokens=a", "/p?tokens=a"),
        ("/api/v1/pods", "/api/v1/pods"),
    ])
    func credentialsInQueriesAreNotRecorded(target: String, expected: String) throws {
        #expect(RecordedTarget.record(try RequestTarget(target)).text == expected)
    }
}
