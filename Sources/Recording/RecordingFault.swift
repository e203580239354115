public import LocalState

/// Why something cannot be recorded, or the record not be read.
public enum RecordingFault: Error, Hashable, Sendable {
    case file(FileFault)
    /// Another gateway writes this journal.
    case inUse(folder: String)
    case notAJournal(path: String)
    case newerFormat(path: String, version: UInt32)
    /// What is on disk is not what was written there.
    case damaged(path: String, what: String)
    /// The folder's mode forbids its owner to write: somebody means it, even where root could write all the same.
    case folderMadeReadOnly(path: String, mode: UInt32)
    /// The journal is no longer where it was.
    case folderReplaced(path: String)
    /// The disk did not take the record in time.
    case tooSlow(milliseconds: Int)
    case stopped
}

extension RecordingFault: CustomStringConvertible {
    /// What failed, on what, and what to do, without a full stop.
    public var description: String {
        switch self {
        case .file(let fault): "\(fault)"
        case .inUse(let folder):
            "the journal in \(folder) is in use by another gateway; stop it, or choose another --state folder"
        case .notAJournal(let path): "\(path) is no journal of Byline; move it away"
        case .newerFormat(let path, let version):
            "\(path) is of journal format \(version), this program reads format \(JournalFormat.version); "
                + "use the version of byline-gateway that wrote it, or a newer one"
        case .damaged(let path, let what):
            "\(path) is damaged: \(what); see what is still good with: byline-gateway fsck \(Path.folder(of: path))"
        case .folderMadeReadOnly(let path, let mode):
            "the journal's folder \(path) was made read-only (mode 0\(String(mode, radix: 8))); run: chmod u+rwx \(path)"
        case .folderReplaced(let path): "the journal's folder \(path) was moved or removed"
        case .tooSlow(let milliseconds): "the disk did not take the record within \(milliseconds) ms"
        case .stopped: "the recorder is stopped"
        }
    }
}
