import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The system calls that the writer makes on a segment. Tests put others in their place, to make a disk misbehave.
struct DiskCalls: Sendable {
    /// As pwrite(2): bytes written, or −1 and `errno`.
    var write: @Sendable (Int32, UnsafeRawBufferPointer, Int64) -> Int = { descriptor, bytes, offset in
        pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
    }
    /// As fdatasync(2): 0, or −1 and `errno`.
    var sync: @Sendable (Int32) -> Int32 = { descriptor in
        #if canImport(Glibc)
            fdatasync(descriptor)
        #else
            fsync(descriptor)
        #endif
    }

    /// Begins to write a range to the disk, and takes out of memory what is already there. Whether it succeeds changes
    /// nothing but the use of memory.
    var letGo: @Sendable (Int32, Range<Int64>) -> Void = { descriptor, range in
        #if canImport(Glibc)
            _ = posix_fadvise(descriptor, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_DONTNEED)
        #endif
    }

    /// As ftruncate(2): 0, or −1 and `errno`.
    var cut: @Sendable (Int32, Int64) -> Int32 = { descriptor, length in ftruncate(descriptor, off_t(length)) }

    static let real = DiskCalls()

    /// Writes all the bytes at an offset.
    func writeAll(_ bytes: [UInt8], to descriptor: Int32, at offset: Int64, path: String) throws(RecordingFault) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]), offset + Int64(written))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .file(.lastError("write", path))
            }
            if count == 0 { throw .file(FileFault("write", path, .system(errno: ENOSPC))) }
            written += count
        }
    }
}

/// The segment that is being written. Writes go to explicit offsets, so that what failed half-way is written again over
/// itself and leaves no garbage.
final class SegmentFile {
    let number: UInt64
    let path: String
    private let descriptor: Int32
    private let calls: DiskCalls
    private let folder: JournalFolder
    private let folderIdentity: FileIdentity
    /// Where the next frame goes.
    private(set) var length: Int64 = 0
    private(set) var syncedLength: Int64 = 0
    private var letGoLength: Int64 = 0
    /// The journal is written for later. Were its pages left in memory, they would push out what others read, and each
    /// would cost the kernel a fresh page: so they go to the disk in steps of this many bytes. What is not there yet at one
    /// step, and stays for who follows the journal, goes at a later one, whichever that is.
    private static let letGoStep: Int64 = 8 << 20

    /// Creates the segment; it must not exist.
    static func createExclusive(
        _ number: UInt64, in folder: JournalFolder, header: [UInt8], calls: DiskCalls
    ) throws(RecordingFault) -> SegmentFile {
        let path = folder.segment(number)
        let identity = try folder.identity()
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(.lastError("create", path)) }
        let file = SegmentFile(
            number: number, path: path, descriptor: descriptor, calls: calls, folder: folder, folderIdentity: identity)
        do throws(RecordingFault) {
            try file.append([header])
            try file.syncData()
            do throws(FileFault) { try PrivateFile.syncFolder(folder.path) } catch { throw RecordingFault.file(error) }
        } catch {
            unlink(path)
            throw error
        }
        return file
    }

    private init(
        number: UInt64, path: String, descriptor: Int32, calls: DiskCalls, folder: JournalFolder,
        folderIdentity: FileIdentity
    ) {
        self.number = number
        self.path = path
        self.descriptor = descriptor
        self.calls = calls
        self.folder = folder
        self.folderIdentity = folderIdentity
    }

    deinit { close(descriptor) }

    /// Writes behind what stands; the length grows only when all of it was taken.
    func append(_ batches: [[UInt8]]) throws(RecordingFault) {
        var end = length
        for batch in batches {
            try calls.writeAll(batch, to: descriptor, at: end, path: path)
            end += Int64(batch.count)
        }
        length = end
        if length - letGoLength >= Self.letGoStep {
            calls.letGo(descriptor, 0..<length)
            letGoLength = length
        }
    }

    /// Makes what was written durable. After a failure nobody knows what is on disk: the segment must be abandoned.
    func syncData() throws(RecordingFault) {
        guard calls.sync(descriptor) == 0 else { throw .file(.lastError("sync", path)) }
        syncedLength = length
    }

    /// Takes back what was written behind an offset, before it is written again elsewhere. Where it fails, it stands twice.
    func cut(backTo length: Int64) {
        if calls.cut(descriptor, length) == 0 { self.length = length }
    }

    /// Fails where the segment is no longer what the journal's readers would find under its name.
    func verifyPlace() throws(RecordingFault) {
        guard try folder.identity() == folderIdentity else { throw .folderReplaced(path: folder.path) }
        var (named, open) = (stat(), stat())
        guard stat(path, &named) == 0, fstat(descriptor, &open) == 0, open.st_nlink > 0,
            FileIdentity(named) == FileIdentity(open)
        else { throw .folderReplaced(path: path) }
    }
}
