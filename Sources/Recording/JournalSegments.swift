extension JournalReader {
    /// The numbers of the segments that a journal's folder holds, ascending.
    public static func segments(in folder: String) throws(RecordingFault) -> [UInt64] {
        try JournalFolder(path: folder).segments()
    }
}
