import KubernetesWire
import Testing

@Suite struct StreamProtocolTests {
    private func agreed(_ target: String, _ upgrade: String?, _ subprotocol: String? = nil) throws -> StreamProtocol? {
        let target = try RequestTarget(target)
        return StreamProtocol(
            info: try RequestInfo(method: "GET", target: target), query: target.query,
            answer: StreamProtocol.Answer(upgrade: upgrade, subprotocol: subprotocol))
    }

    private static let pod = "/api/v1/namespaces/n/pods/p"
    private static let kubelet = "/api/v1/nodes/n1/proxy"

    @Test(arguments: [
        "\(pod)/exec", "\(pod)/portforward", "\(kubelet)/exec/n/p/c", "/api/v1/namespaces/n/services/s/proxy/x",
    ])
    func readsSPDYWhereverItWasAgreed(target: String) throws {
        #expect(try agreed(target, "SPDY/3.1") == .spdy)
    }

    @Test(arguments: ["\(pod)/attach", "\(kubelet)/exec/n/p/c", "\(kubelet)/attach/n/p/c"])
    func readsTheChannelsOfACommand(target: String) throws {
        #expect(try agreed(target, "websocket", "v4.channel.k8s.io") == .channels(ChannelLayout(.remoteCommand)))
        #expect(
            try agreed(target, "WebSocket", "v5.channel.k8s.io")
                == .channels(ChannelLayout(.remoteCommand, closesChannels: true)))
        #expect(
            try agreed(target, "websocket", "base64.channel.k8s.io")
                == .channels(ChannelLayout(.remoteCommand, isBase64: true)))
        #expect(
            try agreed(target, "websocket", "v4.base64.channel.k8s.io")
                == .channels(ChannelLayout(.remoteCommand, isBase64: true)))
    }

    @Test func readsThePortsWhereTheServerDoes() throws {
        let twice = StreamProtocol.channels(ChannelLayout(.portForward([80, 443])))
        #expect(
            try agreed("\(Self.pod)/portforward?ports=80&ports=443&port=1", "websocket", "v4.channel.k8s.io") == twice)
        #expect(try agreed("\(Self.pod)/portforward?ports=80,443", "websocket") == twice)
        #expect(
            try agreed("\(Self.kubelet)/portForward/n/p?port=80,443&ports=1", "websocket", "v4.channel.k8s.io") == twice
        )
        #expect(try agreed("\(Self.kubelet)/%70ortForward/n/p?port=80,443", "websocket", "v4.channel.k8s.io") == twice)
    }

    @Test func readsSPDYInsideAWebSocket() throws {
        #expect(try agreed("\(Self.pod)/portforward", "websocket", "SPDY/3.1+portforward.k8s.io") == .spdyInWebSocket)
    }

    @Test func leavesTheRestRaw() throws {
        #expect(try agreed("\(Self.kubelet)/x", "websocket") == nil)
        #expect(try agreed("\(Self.pod)/exec", "websocket", "chat") == nil)
        #expect(try agreed("\(Self.pod)/exec", "h2c") == nil)
        #expect(try agreed("\(Self.pod)/exec", nil) == nil)
    }
}
