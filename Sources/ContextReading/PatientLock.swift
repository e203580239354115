import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension FileLock {
    /// Those who change a small file wait for each other so long, in milliseconds.
    private static var patience: Int { 1_000 }

    /// Takes the lock once nobody else has it.
    ///
    /// - Throws: `FileFault` where that takes longer than a second.
    static func waiting(for path: String) throws(FileFault) -> FileLock {
        var waited = 0
        while true {
            do throws(FileFault) { return try FileLock(path) } catch {
                guard error.reason == .locked, waited < patience else { throw error }
                waited += 5
                usleep(5_000)
            }
        }
    }
}
