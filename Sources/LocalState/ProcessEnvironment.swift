#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the machine says of who runs the program, and how.
public enum ProcessEnvironment {
    /// The environment's variables, as they are now.
    public static func variables() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            entry = entry.advanced(by: 1)
        }
        return variables
    }

    /// The login name of the effective user; "uid-N" where it has none.
    public static func userName() -> String {
        guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return "uid-\(geteuid())" }
        return String(cString: name)
    }
}
