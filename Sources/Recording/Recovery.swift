import LocalState
public import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What was found and mended when the journal was opened.
public struct RecoveryReport: Sendable, Equatable {
    /// The last segment's torn tail, cut at the last whole frame.
    public struct TornTail: Sendable, Equatable {
        public let segment: String
        /// Where the segment ends now.
        public let offset: Int64
        public let bytesCut: Int64
    }

    public internal(set) var tornTail: TornTail?
    /// The exchanges whose end nobody saw; their outcome is now `unknown`.
    public internal(set) var unknown: [ExchangeID] = []
    /// True where the run before ended without saying so.
    public internal(set) var wasCrash = false
}

/// Brings a journal into order after its writer went away, however it went.
enum Recovery {
    struct Result {
        var origin: [UInt8]
        var nextSegment: UInt64
        var report = RecoveryReport()
        var unknownClosings: [Closing] = []
    }

    /// Reads the segments of the last run, cuts a torn tail, and finds what it left open. Each run begins a segment with
    /// a `started` frame, and closes what the run before left open; a sealed segment's facts say what was open at its end.
    /// So nothing before either need be read.
    static func run(_ folder: JournalFolder) throws(RecordingFault) -> Result {
        let numbers = try folder.segments()
        guard let last = numbers.last else { return Result(origin: newOrigin(), nextSegment: 1) }
        var result = Result(origin: [], nextSegment: last + 1)
        var segments: [[SegmentReader.Frame]] = []
        var facts: SegmentFacts?
        let plain = Set(try folder.plainSegments())
        for number in numbers.reversed() {
            let path = folder.segment(number)
            guard plain.contains(number) else {
                let sealed = try SealedContent(folder.sealed(number))
                result.origin = try SegmentReader(sealed, path: path).header.origin
                facts = try sealed.facts()
                break
            }
            guard let frames = try frames(of: path, isLast: number == last, &result) else { continue }
            segments.append(frames)
            if frames.first.map(isStart) == true { break }
        }
        if result.origin.isEmpty { result.origin = newOrigin() }
        var known = SegmentFacts(after: facts)
        for frame in segments.reversed().joined() { known.take(frame) }
        result.report.wasCrash = !known.isStopped
        result.report.unknown = known.unclosed.keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        result.unknownClosings = result.report.unknown.map { exchange in
            Closing(
                exchange: exchange, status: nil, outcome: .unknown, requestBytes: 0, responseBytes: 0, omittedBytes: 0,
                requestDigest: [], responseDigest: [], duration: 0,
                failure: "the gateway stopped before this exchange's end was recorded", time: .now())
        }
        return result
    }

    private static func newOrigin() -> [UInt8] { (0..<16).map { _ in UInt8.random(in: 0...255) } }

    /// The segment's frames without the bytes of chunks; nil for a file that a crash left without a whole header.
    private static func frames(
        of path: String, isLast: Bool, _ result: inout Result
    ) throws(RecordingFault) -> [SegmentReader.Frame]? {
        let reader: SegmentReader
        do throws(RecordingFault) { reader = try SegmentReader(path) } catch {
            if case .notAJournal = error, try isUnfinished(path) {
                if isLast { result.report.tornTail = .init(segment: path, offset: 0, bytesCut: 0) }
                return nil
            }
            throw error
        }
        result.origin = reader.header.origin
        var frames: [SegmentReader.Frame] = []
        while let frame = try reader.next() {
            if frame.kind != .chunk { frames.append(frame) }
        }
        let rest = try reader.fileLength() - reader.position
        if isLast, rest > 0 {
            guard truncate(path, off_t(reader.position)) == 0 else { throw .file(.lastError("cut", path)) }
            result.report.tornTail = .init(segment: path, offset: reader.position, bytesCut: rest)
        }
        return frames
    }

    /// True for a segment whose writer died before its header was on disk.
    private static func isUnfinished(_ path: String) throws(RecordingFault) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .file(.lastError("look at", path)) }
        return status.st_size < JournalFormat.headerLength
    }

    private static func isStart(_ frame: SegmentReader.Frame) -> Bool {
        frame.kind == .gateway && (try? JSON(parsing: frame.payload))?["event"]?.string == GatewayEvent.started.rawValue
    }
}
