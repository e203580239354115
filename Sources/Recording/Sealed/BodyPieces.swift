import Vocabulary

/// Finds, among a segment's chunks, the pieces of bodies that are worth being kept by their content. It holds places only;
/// no bytes.
struct BodyPieces {
    /// Pieces begin at multiples of this within their body, so that equal bodies have equal pieces however they arrived.
    static let length: Int64 = 1 << 20
    /// What is shorter is left where it is: it would take a file of its own, and beside its like it compresses to little.
    static let minimum: Int64 = 32 << 10
    /// Many small parts cost more in the table than they spare.
    static let averagePart: Int64 = 4 << 10

    /// Where bytes of a piece stand in the segment.
    struct Part: Equatable {
        let offset: Int64
        let count: Int64
    }

    private struct Stream: Hashable {
        let exchange: ExchangeID
        let direction: UInt8
    }

    /// A piece that is not yet whole.
    private struct Run {
        var end: UInt64
        var count: Int64 = 0
        var parts: [Part] = []

        var isWorthwhile: Bool {
            count >= BodyPieces.minimum && Int64(parts.count) * BodyPieces.averagePart <= count
        }
    }

    private var runs: [Stream: Run] = [:]

    /// Takes in a chunk.
    ///
    /// - Returns: the parts of each piece that is whole now.
    mutating func take(chunk frame: SegmentReader.Frame) -> [[Part]] {
        let payload = frame.payload
        guard frame.length > JournalFormat.chunkOverhead, payload[17] == JournalFormat.bodyChannel else { return [] }
        let stream = Stream(exchange: ExchangeID(bytes: payload[0..<16]), direction: payload[16])
        var bodyOffset: UInt64 = payload.integer(at: 18)
        var place = frame.offset + Int64(JournalFormat.frameOverhead + JournalFormat.chunkOverhead)
        var rest = Int64(frame.length - JournalFormat.chunkOverhead)
        var whole: [[Part]] = []
        while rest > 0 {
            let inPiece = Int64(bodyOffset % UInt64(Self.length))
            let count = min(rest, Self.length - inPiece)
            if let parts = add(Part(offset: place, count: count), stream, bodyOffset) { whole.append(parts) }
            bodyOffset &+= UInt64(count)
            place += count
            rest -= count
        }
        return whole
    }

    private mutating func add(_ part: Part, _ stream: Stream, _ bodyOffset: UInt64) -> [Part]? {
        var run = runs[stream]
        if bodyOffset % UInt64(Self.length) == 0 { run = Run(end: bodyOffset) }
        // The beginning of this piece is in an earlier segment, or left out.
        guard var run, run.end == bodyOffset else {
            runs[stream] = nil
            return nil
        }
        run.parts.append(part)
        run.count += part.count
        run.end &+= UInt64(part.count)
        guard run.count == Self.length else {
            runs[stream] = run
            return nil
        }
        runs[stream] = nil
        return run.isWorthwhile ? run.parts : nil
    }

    /// The exchange is over: what there is of its bodies' last pieces is all that there will be.
    mutating func close(_ exchange: ExchangeID) -> [[Part]] {
        Direction.allCases.compactMap { direction in
            runs.removeValue(forKey: Stream(exchange: exchange, direction: direction.rawValue))
        }.filter(\.isWorthwhile).map(\.parts)
    }
}
