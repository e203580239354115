import KubernetesWire
import Recording
import Testing

@testable import Gateway

@Suite struct ChannelTotalsTests {
    private func add(_ text: String, _ channel: RecordedChannel, to totals: inout ChannelTotals) -> UInt64 {
        Array(text.utf8).withUnsafeBytes { totals.add($0, .request, channel) }
    }

    @Test func countsEachChannelForItself() {
        var totals = ChannelTotals()
        for channel in [RecordedChannel.stream(.stdin), .raw] {
            #expect(totals.begin(.request, channel))
            #expect(add("abc", channel, to: &totals) == 0)
            #expect(add("d", channel, to: &totals) == 3)
        }
        #expect(totals.end(.request, .raw, .reset) == 4)
        #expect(totals.end(.request, .raw, .closed) == nil)
        #expect(totals.channels.map(\.bytes) == [4, 4])
        #expect(totals.channels.map(\.end) == [nil, .reset])
        #expect(totals.channels[0].digest == totals.channels[1].digest)
    }

    @Test func manyChannelsThatEndedAreAddedUp() {
        var totals = ChannelTotals()
        for connection in 0..<UInt64(ChannelTotals.usualCount * 3) {
            let channel = RecordedChannel.stream(.portData(port: 80, connection: connection))
            #expect(totals.begin(.request, channel))
            _ = add("x", channel, to: &totals)
            _ = totals.end(.request, channel, .closed)
        }
        #expect(totals.channels.count <= ChannelTotals.usualCount)
        #expect(Int(totals.unlisted.channels) + totals.channels.count == ChannelTotals.usualCount * 3)
        #expect(Int(totals.unlisted.bytes) + totals.channels.count == ChannelTotals.usualCount * 3)
    }

    @Test func tooManyChannelsAtOnceCannotBeToldApart() {
        var totals = ChannelTotals()
        for number in 0..<UInt32(ChannelTotals.maximumCount) {
            #expect(totals.begin(.request, .stream(.other(number))))
        }
        #expect(!totals.begin(.request, .stream(.other(.max))))
        #expect(totals.begin(.request, .stream(.other(0))))
    }
}
