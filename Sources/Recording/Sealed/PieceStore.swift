import Crypto
import LocalState
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The pieces of bodies, each kept once under its own digest (`SealedFormat`).
struct PieceStore: Sendable {
    let folder: JournalFolder

    /// The name of bytes in a table.
    static func piece(of bytes: [UInt8]) -> SealedTable.Piece {
        SealedTable.Piece(digest: Array(SHA256.hash(data: bytes)), length: UInt32(bytes.count))
    }

    /// Makes the piece durable, unless it is there already.
    func keep(_ bytes: [UInt8], as piece: SealedTable.Piece) throws(RecordingFault) {
        let path = folder.piece(piece.digest)
        // One that is there must be what it says: the bytes to mend it are at hand now, and later they are not.
        if access(path, F_OK) == 0, (try? unproven(piece))?.isSame(as: bytes) == true { return }
        guard let compressed = Zstd.compress(bytes) else {
            throw .file(FileFault("write", path, .system(errno: ENOMEM)))
        }
        do throws(FileFault) {
            for folder in [folder.bodies, Path.folder(of: path)] where access(folder, F_OK) != 0 {
                try PrivateFile.makeFolder(folder)
                try PrivateFile.syncFolder(Path.folder(of: folder))
            }
            try PrivateFile.replaceAtomically(path, with: compressed)
        } catch { throw .file(error) }
    }

    /// A piece's bytes.
    func read(_ piece: SealedTable.Piece) throws(RecordingFault) -> [UInt8] {
        let bytes = try unproven(piece)
        guard Array(SHA256.hash(data: bytes)) == piece.digest else { throw damaged(piece) }
        return bytes
    }

    /// The same for who has the right bytes, and compares them.
    func unproven(_ piece: SealedTable.Piece) throws(RecordingFault) -> [UInt8] {
        let compressed: [UInt8]
        do throws(FileFault) { compressed = try PrivateFile.readShared(folder.piece(piece.digest)) } catch {
            throw .file(error)
        }
        guard let bytes = Zstd.decompress(compressed, limit: Int(BodyPieces.length)), bytes.count == Int(piece.length)
        else { throw damaged(piece) }
        return bytes
    }

    private func damaged(_ piece: SealedTable.Piece) -> RecordingFault {
        .damaged(path: folder.piece(piece.digest), what: "its bytes are not those of its name")
    }

    /// Removes the pieces to which nothing refers, and what an interrupted write left.
    func sweep(keeping digests: Set<[UInt8]>) throws(RecordingFault) {
        let kept = Set(digests.map { folder.piece($0) })
        for path in try allFiles() where !kept.contains(path) {
            do throws(FileFault) { try PrivateFile.remove(path) } catch { throw .file(error) }
        }
    }

    /// The paths of everything that is kept here.
    func allFiles() throws(RecordingFault) -> [String] {
        guard access(folder.bodies, F_OK) == 0 else { return [] }
        var files: [String] = []
        for name in try JournalFolder.names(in: folder.bodies) {
            files += try JournalFolder.names(in: "\(folder.bodies)/\(name)").map { "\(folder.bodies)/\(name)/\($0)" }
        }
        return files
    }
}

extension [UInt8] {
    /// As `==`, many bytes at a step.
    func isSame(as other: [UInt8]) -> Bool { count == other.count && memcmp(self, other, count) == 0 }
}
