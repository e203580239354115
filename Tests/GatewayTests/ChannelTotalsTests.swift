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
        var offsets: [UInt64] = []
        for channel in [RecordedChannel.stream(.stdin), .raw] {
            _ = totals.begin(.request, channel)
            for text in ["abc", "d"] { offsets.append(add(text, channel, to: &totals)) }
        }
        #expect(offsets == [0, 3, 0, 3])
        let ends = [totals.end(.request, .raw, .reset), totals.end(.request, .raw, .closed)]
        #expect(ends == [4, nil])
        #expect(totals.channels.map(\.bytes) == [4, 4])
        #expect(totals.channels.map(\.end) == [nil, .reset])
        #expect(totals.channels[0].digest == totals.channels[1].digest)
    }

    @Test func manyChannelsThatEndedAreAddedUp() {
        var totals = ChannelTotals()
        let count = ChannelTotals.usualCount * 3
        var begun = 0
        for connection in 0..<UInt64(count) {
            let channel = RecordedChannel.stream(.portData(port: 80, connection: connection))
            if totals.begin(.request, channel) { begun += 1 }
            _ = add("x", channel, to: &totals)
            _ = totals.end(.request, channel, .closed)
        }
        #expect(begun == count)
        #expect(totals.channels.count <= ChannelTotals.usualCount)
        #expect(Int(totals.unlisted.channels) + totals.channels.count == count)
        #expect(Int(totals.unlisted.bytes) + totals.channels.count == count)
    }

    @Test func tooManyChannelsAtOnceCannotBeToldApart() {
        var totals = ChannelTotals()
        let numbers = (0..<UInt32(ChannelTotals.maximumCount))
        let begun = numbers.count { totals.begin(.request, .stream(.other($0))) }
        #expect(begun == ChannelTotals.maximumCount)
        let (another, known) = (
            totals.begin(.request, .stream(.other(.max))), totals.begin(.request, .stream(.other(0)))
        )
        #expect(!another && known)
    }
}
