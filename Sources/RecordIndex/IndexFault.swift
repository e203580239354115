public import LocalState
public import Recording

/// Why the index cannot be written or asked.
public enum IndexFault: Error, Hashable, Sendable {
    case file(FileFault)
    case journal(RecordingFault)
    /// SQLite refuses: the operation, the file, SQLite's words.
    case database(operation: String, path: String, cause: String)
    /// SQLite was built without full-text search.
    case noTextSearch(version: String)
    /// A journal's segment or offset is beyond what the index can name.
    case tooFar(segment: UInt64)
}

extension IndexFault: CustomStringConvertible {
    /// What failed, on what, and what to do, without a full stop.
    public var description: String {
        switch self {
        case .file(let fault): "\(fault)"
        case .journal(let fault): "\(fault)"
        case .database(let operation, let path, let cause):
            "cannot \(operation) the index \(path): \(cause); it can be made anew from the journal: "
                + "stop the gateway, remove the file, start the gateway"
        case .noTextSearch(let version):
            "the system's SQLite \(version) has no full-text search (FTS5 with trigrams); use 3.34 or newer with FTS5"
        case .tooFar(let segment): "segment \(segment) has a number or a length beyond what the index can hold"
        }
    }
}
