/// Reads one direction of a SPDY/3.1 connection (draft-mbelshe-httpbis-spdy-00), split anywhere. Data is given out as it
/// arrives; a control frame is gathered first, and one above the limit is not read.
struct SPDYReader: ~Copyable {
    /// The longest control frame, in bytes without its head. Kubernetes' own have about a hundred.
    static let maximumControlLength = 16 << 10

    /// What was read.
    enum Piece: Hashable {
        case open(stream: UInt32, SPDYHeaders, isLast: Bool, isOneWay: Bool)
        /// None where the frame has none and does not end its stream.
        case data(stream: UInt32, ArraySlice<UInt8>)
        /// This side sends no more on the stream.
        case end(stream: UInt32)
        case reset(stream: UInt32)
        case control(StreamControl)
        case undecodable(StreamFault)
        /// The connection's bytes, from the frame at fault on.
        case raw(ArraySlice<UInt8>)
    }

    private enum Position {
        case head
        case control
        case data
        /// The frame behind the last piece also ended its stream.
        case ending(UInt32)
        /// The fault was told; what was gathered of the frame is still to be given out.
        case failing
        case failed
    }

    private static let headLength = 8

    private var position = Position.head
    /// The frame from its first byte on: its head, and the rest of a control frame.
    private var bytes: [UInt8] = []
    private var remaining = 0
    private var inflater = HeaderInflater()

    init() {}

    /// Takes what comes next off the input; nil when all of it is taken and more is needed.
    mutating func next(_ input: inout ArraySlice<UInt8>) -> Piece? {
        while true {
            switch position {
            case .head:
                guard gather(Self.headLength, from: &input) else { return nil }
                if let fault = begin() { return fail(fault) }
            case .control:
                guard gather(Self.headLength + remaining, from: &input) else { return nil }
                return endControl()
            case .data:
                if let piece = takeData(&input) { return piece }
                if remaining > 0 { return nil }
            case .ending(let stream):
                position = .head
                return .end(stream: stream)
            case .failing:
                position = .failed
                defer { bytes = [] }
                return .raw(bytes[...])
            case .failed:
                guard !input.isEmpty else { return nil }
                defer { input = input[input.endIndex...] }
                return .raw(input)
            }
        }
    }

    /// True between two frames: a connection that ends elsewhere was cut.
    var isBetweenFrames: Bool {
        if case .head = position { return bytes.isEmpty }
        return false
    }

    /// True where what was read last also ends its stream, which the next piece tells.
    var isEnding: Bool { if case .ending = position { true } else { false } }

    private mutating func gather(_ count: Int, from input: inout ArraySlice<UInt8>) -> Bool {
        let taken = input.prefix(count - bytes.count)
        bytes += taken
        input = input[taken.endIndex...]
        return bytes.count == count
    }

    /// Reads a frame's head; the fault where it has one.
    private mutating func begin() -> StreamFault? {
        remaining = Int(number(at: 4) & 0xFF_FFFF)
        guard isControl else {
            position = .data
            return nil
        }
        guard number(at: 0) >> 16 & 0x7FFF == 3 else { return .spdyVersion }
        guard remaining <= Self.maximumControlLength else { return .spdyFrameTooLong }
        position = .control
        return nil
    }

    private var isControl: Bool { bytes[0] & 0x80 != 0 }
    private var flags: UInt8 { bytes[4] }
    private static let isLastFlag: UInt8 = 1
    private static let isOneWayFlag: UInt8 = 2

    private func number(at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func stream(at offset: Int) -> UInt32 { number(at: offset) & 0x7FFF_FFFF }

    private mutating func fail(_ fault: StreamFault) -> Piece {
        position = .failing
        return .undecodable(fault)
    }

    /// The data that is there; nil where there is none, be it that more is needed or that the frame is over.
    private mutating func takeData(_ input: inout ArraySlice<UInt8>) -> Piece? {
        let stream = stream(at: 0)
        let isEmpty = remaining == 0 && flags & Self.isLastFlag == 0
        let taken = input.prefix(remaining)
        input = input[taken.endIndex...]
        remaining -= taken.count
        if remaining == 0 {
            position = flags & Self.isLastFlag == 0 ? .head : .ending(stream)
            bytes.removeAll(keepingCapacity: true)
        }
        return taken.isEmpty && !isEmpty ? nil : .data(stream: stream, taken)
    }

    private mutating func endControl() -> Piece {
        let piece: Piece
        do throws(StreamFault) { piece = try control() } catch { return fail(error) }
        switch piece {
        case .open: position = .head
        default: position = isLastOfStream.map { .ending($0) } ?? .head
        }
        bytes.removeAll(keepingCapacity: true)
        return piece
    }

    private static let open: UInt16 = 1
    private static let reply: UInt16 = 2
    private static let reset: UInt16 = 3
    private static let ping: UInt16 = 6
    private static let goAway: UInt16 = 7
    private static let headers: UInt16 = 8

    private var type: UInt16 { UInt16(truncatingIfNeeded: number(at: 0)) }

    /// The stream that this SYN_REPLY or HEADERS frame ends.
    private var isLastOfStream: UInt32? {
        guard type == Self.reply || type == Self.headers, flags & Self.isLastFlag != 0 else { return nil }
        return stream(at: Self.headLength)
    }

    /// Reads a whole control frame.
    private mutating func control() throws(StreamFault) -> Piece {
        let body = Self.headLength
        switch type {
        case Self.open:
            try require(10)
            let headers = try SPDYHeaders(try inflater.inflate(bytes[(body + 10)...]))
            return .open(
                stream: stream(at: body), headers, isLast: flags & Self.isLastFlag != 0,
                isOneWay: flags & Self.isOneWayFlag != 0)
        case Self.reply, Self.headers:
            try require(4)
            // Read for the inflater's sake, whose state goes through all blocks.
            _ = try SPDYHeaders(try inflater.inflate(bytes[(body + 4)...]))
            return .control(.frame(type: type))
        case Self.reset:
            try require(8)
            return .reset(stream: stream(at: body))
        case Self.goAway:
            try require(8)
            return .control(.goAway(lastStream: stream(at: body)))
        case Self.ping: return .control(.ping)
        default: return .control(.frame(type: type))
        }
    }

    private func require(_ length: Int) throws(StreamFault) {
        guard remaining >= length else { throw .spdyFrameTooShort }
    }
}
