public import Masking
public import Vocabulary

/// That somebody read the record: what an auditor asked for, and got.
public struct RecordReading: Sendable {
    public let identity: Identity
    public let method: String
    public let target: MaskedText
    public let sourceAddress: String
    public let status: Int
    public let time: Timestamp

    public init(
        identity: Identity, method: String, target: MaskedText, sourceAddress: String, status: Int, time: Timestamp
    ) {
        self.identity = identity
        self.method = method
        self.target = target
        self.sourceAddress = sourceAddress
        self.status = status
        self.time = time
    }
}
