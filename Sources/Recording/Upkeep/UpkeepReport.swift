/// What the journal's upkeep did, or could not do.
public enum UpkeepReport: Sendable {
    /// Why a segment was removed.
    public enum Cause: String, Sendable {
        case age, size
    }

    /// A segment was compressed from so many bytes to so many, and what bodies it shares with others is kept once.
    case sealed(segment: UInt64, from: Int64, to: Int64)
    case removed(segment: UInt64, because: Cause)
    /// It is tried again, and nothing is lost.
    case failed(RecordingFault)
}
