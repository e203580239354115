import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A segment's bytes as they were written, whatever the form in which they are kept now.
protocol SegmentContent: Sendable {
    /// How many there are now.
    func length() throws(RecordingFault) -> Int64

    /// Reads up to `count` bytes; fewer at the end.
    func read(at offset: Int64, count: Int) throws(RecordingFault) -> [UInt8]
}

extension JournalFolder {
    /// Opens a segment by the path of its plain form, sealed or not.
    static func openContent(_ path: String) throws(RecordingFault) -> any SegmentContent {
        do throws(RecordingFault) { return try PlainContent(path) } catch {
            // The plain form goes away when the sealed one is there, never the other way round.
            guard case .file(let fault) = error, fault.isMissing else { throw error }
            do throws(RecordingFault) { return try SealedContent(sealedForm(of: path)) } catch let sealedFault {
                guard case .file(let fault) = sealedFault, fault.isMissing else { throw sealedFault }
                throw error
            }
        }
    }
}

/// A segment in the form in which it was written.
final class PlainContent: SegmentContent {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(RecordingFault) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(.lastError("read", path)) }
    }

    deinit { close(descriptor) }

    func length() throws(RecordingFault) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(.lastError("look at", path)) }
        return Int64(status.st_size)
    }

    func read(at offset: Int64, count: Int) throws(RecordingFault) -> [UInt8] {
        var failure: FileFault?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let target = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized...])
                let taken = pread(descriptor, target.baseAddress, target.count, off_t(offset + Int64(initialized)))
                if taken == 0 { return }
                if taken < 0 {
                    if errno == EINTR { continue }
                    failure = .lastError("read", path)
                    return
                }
                initialized += taken
            }
        }
        if let failure { throw .file(failure) }
        return bytes
    }
}
