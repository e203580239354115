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

    /// The file of the running program; nil where the system does not tell.
    public static func program() -> String? {
        #if canImport(Glibc)
            return "/proc/self/exe"
        #else
            var size = UInt32(PATH_MAX)
            var path = [CChar](repeating: 0, count: Int(size))
            guard _NSGetExecutablePath(&path, &size) == 0 else { return nil }
            return String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #endif
    }
}
