public import Vocabulary

/// What `byline-gateway fsck` says of a journal.
public struct JournalCheckReport: Sendable {
    /// A segment's file.
    public struct Segment: Sendable {
        public let file: String
        public let isSealed: Bool
        /// Whole frames, up to the first that is not.
        public internal(set) var frames = 0
        /// Bytes as they were written, and of the file.
        public internal(set) var length: Int64 = 0
        public internal(set) var lengthOnDisk: Int64 = 0
        /// Bytes, as they were written, that are whole frames.
        public internal(set) var goodLength: Int64 = 0

        public var json: JSON {
            [
                "file": .string(file), "frames": .integer(frames), "goodLength": .integer(goodLength),
                "isSealed": .bool(isSealed), "length": .integer(length), "lengthOnDisk": .integer(lengthOnDisk),
            ]
        }
    }

    /// How many exchanges there are, by what is known of their ends.
    public struct Exchanges: Sendable, Equatable {
        /// With a closing.
        public internal(set) var closed = 0
        /// Of these, with the outcome `unknown`.
        public internal(set) var unknown = 0
        /// Of these, with both bodies found as their digests say.
        public internal(set) var bodiesVerified = 0
        /// Of these, upgraded connections with each channel found as its digest says.
        public internal(set) var streamsVerified = 0
        /// Without a closing, at the end of the journal: under way, or to be closed when the gateway starts.
        public internal(set) var open = 0
    }

    /// What came of opening the seals of originals, where an auditor's identity was given.
    public struct Seals: Sendable, Equatable {
        public internal(set) var opened = 0
        /// Sealed to other auditors only.
        public internal(set) var ofOthers = 0
    }

    public internal(set) var segments: [Segment] = []
    public internal(set) var exchanges = Exchanges()
    /// nil where no identity was given, so that seals were only counted.
    public internal(set) var seals: Seals?
    /// How many frames there are of each kind, by the kind's name.
    public internal(set) var frames: [String: Int] = [:]
    /// Pieces of bodies that are kept once, and their files' bytes.
    public internal(set) var pieces = (count: 0, bytes: Int64(0))
    public internal(set) var problems: [JournalProblem] = []
    /// Problems beyond the thousandth, which are only counted.
    public internal(set) var furtherProblems = 0
    /// True where a gateway writes the journal at this moment.
    public internal(set) var isInUse = false
    /// What `--repair` cut.
    public internal(set) var cut: RecoveryReport.TornTail?

    public var isClean: Bool { problems.isEmpty }

    mutating func add(_ problem: JournalProblem) {
        if problems.count < 1_000 { problems.append(problem) } else { furtherProblems += 1 }
    }

    public var json: JSON {
        var members = [
            JSON.Member(
                "exchanges",
                [
                    "bodiesVerified": .integer(exchanges.bodiesVerified), "closed": .integer(exchanges.closed),
                    "open": .integer(exchanges.open), "streamsVerified": .integer(exchanges.streamsVerified),
                    "unknown": .integer(exchanges.unknown),
                ]),
            JSON.Member(
                "frames",
                .object(frames.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .integer($0.value)) })),
            JSON.Member("furtherProblems", .integer(furtherProblems)), JSON.Member("isClean", .bool(isClean)),
            JSON.Member("isInUse", .bool(isInUse)),
            JSON.Member("pieces", ["bytes": .integer(pieces.bytes), "count": .integer(pieces.count)]),
            JSON.Member("problems", .array(problems.map(\.json))),
            JSON.Member("segments", .array(segments.map(\.json))),
        ]
        if let seals {
            members.append(
                JSON.Member("seals", ["ofOthers": .integer(seals.ofOthers), "opened": .integer(seals.opened)]))
        }
        if let cut {
            members.append(
                JSON.Member(
                    "cut",
                    [
                        "bytes": .integer(cut.bytesCut), "offset": .integer(cut.offset),
                        "segment": .string(cut.segment),
                    ]))
        }
        return .object(members)
    }
}
