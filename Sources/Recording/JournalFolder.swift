import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A journal's folder and the names in it.
struct JournalFolder: Sendable {
    let path: String

    var lock: String { "\(path)/lock" }

    func segment(_ number: UInt64) -> String {
        let digits = String(number)
        return "\(path)/\(String(repeating: "0", count: max(0, 10 - digits.count)))\(digits).byl"
    }

    /// The numbers of the segments, ascending.
    func segments() throws(RecordingFault) -> [UInt64] {
        guard let folder = opendir(path) else { throw .file(.lastError("read folder", path)) }
        defer { closedir(folder) }
        var numbers: [UInt64] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.count == 14, name.hasSuffix(".byl"), let number = UInt64(name.dropLast(4)) else { continue }
            numbers.append(number)
        }
        return numbers.sorted()
    }

    /// The number of the segment behind another one; nil where that is the last.
    func segment(after number: UInt64) throws(RecordingFault) -> UInt64? {
        if exists(number + 1) { return number + 1 }
        // A segment goes away from the beginning of the journal on, when it is old.
        return try segments().first { $0 > number }
    }

    private func exists(_ number: UInt64) -> Bool { access(segment(number), F_OK) == 0 }

    /// True for a segment whose header is not whole on disk: it is just being made, or its writer died over it.
    func isUnfinished(_ number: UInt64) throws(RecordingFault) -> Bool {
        var status = stat()
        guard stat(segment(number), &status) == 0 else { throw .file(.lastError("look at", segment(number))) }
        return status.st_size < JournalFormat.headerLength
    }

    /// Which folder this is, to notice when it becomes another one.
    func identity() throws(RecordingFault) -> FileIdentity {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw errno == ENOENT ? .folderReplaced(path: path) : .file(.lastError("look at", path))
        }
        guard status.st_mode & 0o300 == 0o300 else {
            throw .folderMadeReadOnly(path: path, mode: UInt32(status.st_mode & 0o777))
        }
        return FileIdentity(status)
    }
}

/// Names a file or folder for as long as it exists.
struct FileIdentity: Equatable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
