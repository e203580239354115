public import LocalState
public import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The sessions whose record must be kept, whatever the retention says: a file for each, in the journal's `holds`. A
/// running gateway heeds them from the moment they are placed.
public struct LegalHolds: Sendable {
    /// A session under legal hold.
    public struct Hold: Sendable {
        public let session: SessionID
        /// Who placed it, and when.
        public let by: String
        public let since: String
    }

    private let folder: JournalFolder

    public init(journal: String) { folder = JournalFolder(path: journal) }

    init(folder: JournalFolder) { self.folder = folder }

    private static let ending = ".json"

    private func path(_ session: SessionID) -> String { "\(folder.holds)/\(session)\(Self.ending)" }

    /// Places a hold, durable when this returns. One that is there stays as it is.
    public func place(_ session: SessionID, by person: String, at time: Timestamp) throws(FileFault) {
        try PrivateFile.makeFolder(folder.holds)
        try PrivateFile.syncFolder(folder.path)
        guard access(path(session), F_OK) != 0 else { return }
        let json: JSON = ["by": .string(person), "since": .string(time.description)]
        try PrivateFile.replaceAtomically(path(session), with: json.canonicalBytes + [UInt8(ascii: "\n")])
    }

    /// Releases a hold, durably.
    ///
    /// - Returns: false where there was none.
    public func release(_ session: SessionID) throws(FileFault) -> Bool {
        guard access(path(session), F_OK) == 0 else { return false }
        try PrivateFile.remove(path(session))
        try PrivateFile.syncFolder(folder.holds)
        return true
    }

    /// All holds, by session. A file that cannot be read holds its session all the same.
    public func all() throws(RecordingFault) -> [Hold] {
        guard access(folder.holds, F_OK) == 0 else { return [] }
        return try JournalFolder.names(in: folder.holds).sorted().compactMap { name in
            guard name.hasSuffix(Self.ending), let session = SessionID(String(name.dropLast(Self.ending.count))) else {
                return nil
            }
            let json = (try? PrivateFile.read(path(session))).flatMap { try? JSON(parsing: $0) }
            return Hold(session: session, by: json?["by"]?.string ?? "", since: json?["since"]?.string ?? "")
        }
    }

    /// True where anything of the session is in the journal.
    public func isRecorded(_ session: SessionID) throws(RecordingFault) -> Bool {
        for number in try folder.segments().reversed() {
            if let sealed = try? SealedContent(folder.sealed(number)) {
                if try sealed.facts().sessions.contains(session.description) { return true }
                continue
            }
            var reader = JournalReader(folder: folder, from: JournalPosition(segment: number, offset: 0))
            while let frame = try reader.next(), frame.position.segment == number {
                guard frame.kind == .session || frame.kind == .open else { continue }
                if (try? JSON(parsing: frame.payload))?["session"]?.string == session.description { return true }
            }
        }
        return false
    }
}
