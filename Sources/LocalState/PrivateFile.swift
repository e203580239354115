#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that hold secrets or evidence: mode 0600, owned by who runs the program, written whole or not at all.
public enum PrivateFile {
    /// The largest file that is read at once, in bytes. Journals are not read this way.
    public static let maximumSize = 16 << 20

    /// Reads a file that nobody else may read: it must belong to the effective user (or root) and be closed to group and
    /// others.
    public static func read(_ path: String) throws(FileFault) -> [UInt8] {
        try readAll(path) { (status, path) throws(FileFault) in
            guard status.st_uid == geteuid() || status.st_uid == 0 else {
                throw FileFault("trust", path, .wrongOwner(uid: status.st_uid))
            }
            guard status.st_mode & 0o077 == 0 else {
                throw FileFault("trust", path, .tooOpen(mode: UInt32(status.st_mode & 0o777)))
            }
        }
    }

    /// Reads a file that holds no secret, whoever owns it.
    public static func readShared(_ path: String) throws(FileFault) -> [UInt8] {
        try readAll(path) { (_, _) throws(FileFault) in }
    }

    /// Puts the file in place of whatever was there, atomically: a reader sees the old bytes or the new ones, also after
    /// a crash. The new bytes are durable when this returns.
    public static func replaceAtomically(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o600) throws(FileFault) {
        let folder = Path.folder(of: path)
        let draft = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw .lastError("create", draft) }
        do throws(FileFault) {
            defer { close(descriptor) }
            try write(bytes, to: descriptor, path: draft)
            guard fsync(descriptor) == 0 else { throw .lastError("sync", draft) }
            guard rename(draft, path) == 0 else { throw .lastError("rename to", path) }
        } catch {
            unlink(draft)
            throw error
        }
        try syncFolder(folder)
    }

    /// Makes a file that is not there yet, of mode 0600. The bytes are durable when this returns.
    public static func create(_ path: String, with bytes: [UInt8]) throws(FileFault) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .lastError("create", path) }
        do throws(FileFault) {
            defer { close(descriptor) }
            try write(bytes, to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw .lastError("sync", path) }
        } catch {
            unlink(path)
            throw error
        }
        try syncFolder(Path.folder(of: path))
    }

    /// Removes a file; one that is not there is as good as removed.
    public static func remove(_ path: String) throws(FileFault) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .lastError("remove", path) }
    }

    /// Makes the file durable in its folder: a new name survives a crash only when the folder is synced as well.
    public static func syncFolder(_ path: String) throws(FileFault) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .lastError("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .lastError("sync", path) }
    }

    /// Makes the folder, and those above it, with mode 0700; a folder that is there must belong to the effective user
    /// and not be writable by others.
    public static func makeFolder(_ path: String) throws(FileFault) {
        var status = stat()
        if stat(path, &status) != 0 {
            guard errno == ENOENT else { throw .lastError("look at", path) }
            let parent = Path.folder(of: path)
            if parent != path { try makeParent(parent) }
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .lastError("create folder", path) }
            guard stat(path, &status) == 0 else { throw .lastError("look at", path) }
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw FileFault("use", path, .system(errno: ENOTDIR)) }
        guard status.st_uid == geteuid() else { throw FileFault("use", path, .wrongOwner(uid: status.st_uid)) }
        guard status.st_mode & 0o022 == 0 else {
            throw FileFault("use", path, .tooOpen(mode: UInt32(status.st_mode & 0o777)))
        }
    }

    /// The folders above a private one may belong to anyone; only missing ones are made.
    private static func makeParent(_ path: String) throws(FileFault) {
        var status = stat()
        if stat(path, &status) == 0 { return }
        let parent = Path.folder(of: path)
        if parent != path { try makeParent(parent) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .lastError("create folder", path) }
    }

    private static func readAll(
        _ path: String, checking check: (stat, String) throws(FileFault) -> Void
    ) throws(FileFault) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .lastError("read", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .lastError("look at", path) }
        try check(status, path)
        // Room for one byte more than the file says to hold, so that most are read at once. Those of /proc say zero.
        var bytes = [UInt8](repeating: 0, count: min(max(Int(status.st_size), 1_023), maximumSize) + 1)
        var length = 0
        while true {
            let count = bytes.withUnsafeMutableBytes { buffer in
                #if canImport(Glibc)
                    Glibc.read(descriptor, buffer.baseAddress.map { $0 + length }, buffer.count - length)
                #else
                    Darwin.read(descriptor, buffer.baseAddress.map { $0 + length }, buffer.count - length)
                #endif
            }
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw .lastError("read", path)
            }
            length += count
            guard length <= maximumSize else { throw FileFault("read", path, .tooLarge(limit: maximumSize)) }
            if length == bytes.count {
                bytes.append(contentsOf: repeatElement(0, count: max(bytes.count, 65_536)))
            }
        }
        bytes.removeLast(bytes.count - length)
        return bytes
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileFault) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { slice in
                #if canImport(Glibc)
                    Glibc.write(descriptor, slice.baseAddress, slice.count)
                #else
                    Darwin.write(descriptor, slice.baseAddress, slice.count)
                #endif
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .lastError("write", path)
            }
            written += count
        }
    }
}
