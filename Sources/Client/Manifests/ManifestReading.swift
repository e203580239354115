import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads a manifest from its beginning to its end, piece by piece.
struct ManifestReading: ~Copyable {
    private let descriptor: Int32
    private let path: String
    private let isOwned: Bool

    /// Opens a file.
    init(file path: String) throws(ClientFault) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(.lastError("read", path)) }
        self.path = path
        isOwned = true
    }

    /// Reads what is open already; a file from its beginning.
    init(descriptor: Int32, called path: String) {
        lseek(descriptor, 0, SEEK_SET)
        self.descriptor = descriptor
        self.path = path
        isOwned = false
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// - Returns: nil at the end.
    borrowing func piece() throws(ClientFault) -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(.lastError("read", path)) }
            return count == 0 ? nil : Array(piece[..<count])
        }
    }
}
