public import Vocabulary

/// Something that `byline-gateway fsck` found in a journal.
public struct JournalProblem: Sendable, Equatable {
    public enum Kind: String, Sendable {
        /// The end of the last segment, as a crash leaves it. `--repair` cuts it, and so does the gateway when it starts.
        case tornTail
        /// Something is not as it was written.
        case damage
        /// Something is as it was written and does not fit together.
        case contradiction
    }

    public let kind: Kind
    /// The name of a file in the journal.
    public let file: String
    /// In the segment, as it was written; nil where the problem is of the whole file.
    public let offset: Int64?
    public let exchange: ExchangeID?
    /// A sentence without a full stop.
    public let what: String

    init(_ kind: Kind, _ file: String, at offset: Int64? = nil, exchange: ExchangeID? = nil, _ what: String) {
        self.kind = kind
        self.file = file
        self.offset = offset
        self.exchange = exchange
        self.what = what
    }

    public var json: JSON {
        var members = [
            JSON.Member("file", .string(file)), JSON.Member("kind", .string(kind.rawValue)),
            JSON.Member("what", .string(what)),
        ]
        if let offset { members.append(JSON.Member("offset", .integer(offset))) }
        if let exchange { members.append(JSON.Member("exchange", .string(exchange.description))) }
        return .object(members)
    }
}
