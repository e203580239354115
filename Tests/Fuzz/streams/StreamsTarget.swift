import FuzzSupport
import KubernetesWire

/// Both directions of an upgraded connection, in each protocol, whole and split: the same is read.
///
/// The first byte chooses the protocol; then come steps of a byte each for side (lowest bit) and length (the others), and
/// that many bytes.
@main enum StreamsTarget {
    static func main() { Fuzzer.run() }

    static func test(_ input: FuzzInput) {
        guard let choice = input.bytes.first else { return }
        let streamProtocol = protocols[Int(choice) % protocols.count]
        let steps = Step.read(input.bytes.dropFirst())
        let split = steps.enumerated().flatMap { index, step in
            input.pieces(of: step.bytes, seed: index).map { Step(side: step.side, bytes: $0) }
        }
        let whole = Reading(streamProtocol, steps)
        Property.hold(whole == Reading(streamProtocol, split), "a split changes what is read")
    }
}

@_cdecl("LLVMFuzzerTestOneInput") func testOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    StreamsTarget.test(FuzzInput(start, count))
    return 0
}

private let protocols: [StreamProtocol] = [
    .spdy, .spdyInWebSocket, .channels(ChannelLayout(.remoteCommand, closesChannels: true)),
    .channels(ChannelLayout(.remoteCommand, isBase64: true)), .channels(ChannelLayout(.portForward([80, 443]))),
    .channels(ChannelLayout(.portForward([80, 443]), isBase64: true)),
]

private struct Step {
    let side: StreamSide
    let bytes: ArraySlice<UInt8>

    /// Reads the steps; neighbours of one side are one, for the other has not answered between them.
    static func read(_ bytes: ArraySlice<UInt8>) -> [Step] {
        var steps: [Step] = []
        var rest = bytes
        while let head = rest.popFirst() {
            let side: StreamSide = head & 1 == 0 ? .caller : .cluster
            let taken = rest.prefix(Int(head >> 1))
            rest = rest[taken.endIndex...]
            if let last = steps.last, last.side == side {
                steps[steps.count - 1] = Step(side: side, bytes: last.bytes + taken)
            } else {
                steps.append(Step(side: side, bytes: taken))
            }
        }
        return steps
    }
}

/// What a decoder made of the steps, neighbouring bytes of one channel joined.
private struct Reading: Equatable {
    private var events: [SidedEvent] = []
    private var commandExit: CommandExit?
    private var isWhole = true

    private struct SidedEvent: Equatable {
        let side: StreamSide
        let event: StreamEvent
    }

    init(_ streamProtocol: StreamProtocol, _ steps: [Step]) {
        var decoder = StreamDecoder(streamProtocol)
        for step in steps {
            for event in decoder.feed(step.bytes, from: step.side) { add(SidedEvent(side: step.side, event: event)) }
        }
        commandExit = decoder.commandExit
        isWhole = decoder.isWhole(.caller) && decoder.isWhole(.cluster)
    }

    private mutating func add(_ next: SidedEvent) {
        if let last = events.last, last.side == next.side, let event = Self.joined(last.event, next.event) {
            events[events.count - 1] = SidedEvent(side: next.side, event: event)
        } else {
            events.append(next)
        }
    }

    private static func joined(_ first: StreamEvent, _ second: StreamEvent) -> StreamEvent? {
        switch (first, second) {
        case (.data(let channel, let some), .data(let same, let more)) where channel == same:
            .data(channel, some + more)
        case (.raw(let some), .raw(let more)): .raw(some + more)
        default: nil
        }
    }
}
