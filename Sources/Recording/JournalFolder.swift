import LocalState
import Vocabulary

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

    /// The same segment once it is sealed.
    func sealed(_ number: UInt64) -> String { Self.sealedForm(of: segment(number)) }

    static func sealedForm(of path: String) -> String { "\(path.dropLast(Self.plainEnding.count))\(sealedEnding)" }

    private static let plainEnding = ".byl"
    private static let sealedEnding = ".byz"
    /// What a file is called until it is whole.
    static let draftEnding = ".new"

    /// The folder of the pieces of bodies.
    var bodies: String { "\(path)/bodies" }

    func piece(_ digest: [UInt8]) -> String {
        let name = HexDigits.lower(digest)
        return "\(bodies)/\(name.prefix(2))/\(name).zst"
    }

    /// The folder of the legal holds.
    var holds: String { "\(path)/holds" }

    /// The numbers of the segments, sealed or not, ascending.
    func segments() throws(RecordingFault) -> [UInt64] { try Set(plainSegments() + sealedSegments()).sorted() }

    func plainSegments() throws(RecordingFault) -> [UInt64] { try numbers(Self.plainEnding) }

    func sealedSegments() throws(RecordingFault) -> [UInt64] { try numbers(Self.sealedEnding) }

    private func numbers(_ ending: String) throws(RecordingFault) -> [UInt64] {
        try Self.names(in: path).compactMap { name in
            name.count == 14 && name.hasSuffix(ending) ? UInt64(name.dropLast(ending.count)) : nil
        }.sorted()
    }

    /// What stands in a folder, apart from itself and the one above.
    static func names(in path: String) throws(RecordingFault) -> [String] {
        guard let folder = opendir(path) else { throw .file(.lastError("read folder", path)) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// A file's length; nothing for one that is not there.
    static func size(_ path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// The number of the segment behind another one; nil where that is the last.
    func segment(after number: UInt64) throws(RecordingFault) -> UInt64? {
        func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
        if exists(segment(number + 1)) || exists(sealed(number + 1)) { return number + 1 }
        // Only what is sealed is ever removed, and it is sealed in order: behind a plain one nothing is missing.
        if exists(segment(number)) { return nil }
        return try segments().first { $0 > number }
    }

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
