import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// This program on disk.
public enum OwnProgram {
    /// The file that runs; nil where the system does not tell.
    public static func path() -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// How another program is to call this one in a shell's words: by its name where PATH leads to this very file, else
    /// by its path.
    public static func shellName(_ environment: Environment) -> String {
        guard let own = path() else { return "byline" }
        if let found = find("byline", environment), same(found, own) { return "byline" }
        let isPlain = own.utf8.allSatisfy { byte in
            let letter = Unicode.Scalar(byte)
            return letter.properties.isAlphabetic && byte < 0x80 || (0x30...0x39).contains(byte)
                || "/._-+".unicodeScalars.contains(letter)
        }
        return isPlain
            ? own : "'" + own.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The first program of that name in PATH.
    public static func find(_ name: String, _ environment: Environment) -> String? {
        for folder in environment.path.split(separator: ":") where access("\(folder)/\(name)", X_OK) == 0 {
            return "\(folder)/\(name)"
        }
        return nil
    }

    private static func same(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(one, &first) == 0, stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}
