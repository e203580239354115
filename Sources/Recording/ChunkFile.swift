import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A segment opened for reading pieces of it.
final class ChunkFile: Sendable {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(RecordingFault) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(.lastError("read", path)) }
    }

    deinit { close(descriptor) }

    func read(at offset: Int64, count: Int) throws(RecordingFault) -> [UInt8] {
        try SegmentReader.read(descriptor, path, at: offset, count: count)
    }
}
