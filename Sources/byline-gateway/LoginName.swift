#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Who runs the program, by name. It stands here because no static executable can ask the system for it.
enum LoginName {
    /// The login name of the effective user; "uid-N" where it has none.
    static func own() -> String {
        guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return "uid-\(geteuid())" }
        return String(cString: name)
    }
}
