import Foundation
import LocalState
import TestSupport
import Testing

@Suite struct PrivateFileTests {
    @Test func aFileIsWrittenWholeAndPrivate() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/secret"
        try PrivateFile.replaceAtomically(path, with: [1, 2, 3])
        try PrivateFile.replaceAtomically(path, with: [4])
        #expect(try PrivateFile.read(path) == [4])
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["secret"])
    }

    @Test func aFileThatOthersCanReadIsNoSecret() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/secret"
        try PrivateFile.replaceAtomically(path, with: [1], mode: 0o640)
        #expect(throws: FileFault("trust", path, .tooOpen(mode: 0o640))) { try PrivateFile.read(path) }
        #expect(try PrivateFile.readShared(path) == [1])
    }

    @Test(.enabled(if: geteuid() == 0, "giving a file away needs root"))
    func aFolderOfSomeoneElseIsNotUsed() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/state"
        try PrivateFile.makeFolder(path)
        chown(path, 65_534, 65_534)
        #expect(throws: FileFault("use", path, .wrongOwner(uid: 65_534))) { try PrivateFile.makeFolder(path) }
    }

    @Test func aLockIsHeldByOneAndEndsWithItsHolder() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/lock"
        do {
            let held = try FileLock(path)
            #expect(throws: FileFault("lock", path, .locked)) { _ = try FileLock(path) }
            _ = consume held
        }
        _ = try FileLock(path)
    }

    @Test func aPortIsBoundOnLoopbackOnly() throws {
        let bound = try BoundSocket(host: "127.0.0.1", port: 0)
        #expect(bound.port > 0)
        #expect(throws: BoundSocket.Fault.notLoopback("0.0.0.0")) { _ = try BoundSocket(host: "0.0.0.0", port: 0) }
    }
}
