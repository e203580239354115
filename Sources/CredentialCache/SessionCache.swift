public import LocalState
public import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Session tokens in the state folder, a file for each key, closed to others.
public struct SessionCache: Sendable {
    private let folder: SignInFolder

    public init(_ folder: SignInFolder) { self.folder = folder }

    /// The token that is kept under the key and is still good; nil where there is none.
    public func load(_ key: SessionKey, now: Timestamp) -> CachedSession? {
        guard let bytes = try? PrivateFile.read(folder.session(key.text)),
            let session = CachedSession(parsing: bytes, for: key), now < session.expiration
        else { return nil }
        return session
    }

    /// Keeps a token, and drops those that have ended.
    public func store(_ session: CachedSession, for key: SessionKey, now: Timestamp) throws(FileFault) {
        try PrivateFile.makeFolder(folder.sessions)
        removeFiles { Self.hasEnded($0, now: now) }
        try PrivateFile.replaceAtomically(folder.session(key.text), with: Array(session.text(for: key).utf8))
    }

    /// Drops all tokens: they were made from a sign-in that no longer holds.
    public func clear() { removeFiles { _ in true } }

    private static func hasEnded(_ path: String, now: Timestamp) -> Bool {
        guard let bytes = try? PrivateFile.read(path) else { return false }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 7 else { return true }
        return Timestamp(rfc3339: String(decoding: lines[4], as: UTF8.self)).map { $0 <= now } ?? true
    }

    private func removeFiles(where isUnwanted: (String) -> Bool) {
        guard let stream = opendir(folder.sessions) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let path = "\(folder.sessions)/\(name)"
            if !name.hasPrefix("."), isUnwanted(path) { unlink(path) }
        }
    }
}
