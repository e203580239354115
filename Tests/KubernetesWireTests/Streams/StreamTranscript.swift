import KubernetesWire

/// What a decoder made of a conversation, as text: one event a line behind its side, neighbouring bytes of one channel joined.
/// However a conversation was split, its transcript is the same.
struct StreamTranscript: Equatable, CustomStringConvertible {
    private var events: [(side: StreamSide, event: StreamEvent)] = []
    private(set) var commandExit: CommandExit?
    private(set) var isWhole = true

    /// Decodes a conversation.
    init(_ streamProtocol: StreamProtocol, _ steps: [StreamStep]) {
        var decoder = StreamDecoder(streamProtocol)
        for step in steps {
            for event in decoder.feed(step.bytes[...], from: step.side) { add(event, step.side) }
        }
        commandExit = decoder.commandExit
        isWhole = decoder.isWhole(.caller) && decoder.isWhole(.cluster)
    }

    static func == (left: StreamTranscript, right: StreamTranscript) -> Bool {
        left.events.elementsEqual(right.events) { $0 == $1 } && left.commandExit == right.commandExit
            && left.isWhole == right.isWhole
    }

    /// All that a side sent through a channel.
    func bytes(_ side: StreamSide, _ channel: StreamChannel) -> [UInt8] {
        events.flatMap { one -> [UInt8] in
            guard one.side == side, case .data(channel, let bytes) = one.event else { return [] }
            return Array(bytes)
        }
    }

    /// All that a side sent and that belongs to no channel.
    func raw(_ side: StreamSide) -> [UInt8] {
        events.flatMap { one -> [UInt8] in
            guard one.side == side, case .raw(let bytes) = one.event else { return [] }
            return Array(bytes)
        }
    }

    var description: String {
        var lines = events.map { "\($0.side == .caller ? ">" : "<") \(Self.words($0.event))" }
        if let commandExit { lines.append("\(commandExit)") }
        if !isWhole { lines.append("cut") }
        return lines.map { "\($0)\n" }.joined()
    }

    private mutating func add(_ event: StreamEvent, _ side: StreamSide) {
        if let last = events.last, last.side == side, let joined = Self.joined(last.event, event) {
            events[events.count - 1].event = joined
        } else {
            events.append((side, event))
        }
    }

    private static func joined(_ first: StreamEvent, _ second: StreamEvent) -> StreamEvent? {
        switch (first, second) {
        case (.data(let channel, let some), .data(let same, let more)) where same == channel:
            .data(channel, some + more)
        case (.raw(let some), .raw(let more)): .raw(some + more)
        default: nil
        }
    }

    private static func words(_ event: StreamEvent) -> String {
        switch event {
        case .opened(let channel): "opened \(channel.name)"
        case .data(let channel, let bytes): "data \(channel.name) \(quoted(bytes))"
        case .ended(let channel): "ended \(channel.name)"
        case .reset(let channel): "reset \(channel.name)"
        case .control(.closing(let code)): "closing \(code.map { "\($0)" } ?? "without a code")"
        case .control(.frame(let type)): "frame of type \(type)"
        case .control(.goAway(let last)): "goAway after \(last)"
        case .control(.notBase64(let channel)): "notBase64 \(channel.name)"
        case .control(let control): "\(control)"
        case .undecodable(let fault): "undecodable \(fault.rawValue)"
        case .raw(let bytes): "raw \(quoted(bytes))"
        case .framing(let bytes): "framing \(quoted(bytes))"
        }
    }

    private static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).debugDescription
    }
}

/// The steps with neighbours of one side joined: all that a side sent before the other answered, in one read.
func joined(_ steps: [StreamStep]) -> [StreamStep] {
    steps.reduce(into: []) { joined, step in
        if let last = joined.last, last.side == step.side {
            joined[joined.count - 1] = StreamStep(step.side, last.bytes + step.bytes)
        } else {
            joined.append(step)
        }
    }
}

/// The conversations that come of one by cutting one of its steps at two places; at one place where they are the same.
func splits(_ steps: [StreamStep], longestForThree: Int) -> some Sequence<[StreamStep]> {
    steps.indices.lazy.flatMap { index -> [[StreamStep]] in
        let bytes = steps[index].bytes
        return (0...bytes.count).flatMap { first in
            (bytes.count <= longestForThree ? Array(first...bytes.count) : [first]).map { second in
                let parts = [bytes[..<first], bytes[first..<second], bytes[second...]]
                var split = steps
                split.replaceSubrange(index...index, with: parts.map { StreamStep(steps[index].side, Array($0)) })
                return split
            }
        }
    }
}
