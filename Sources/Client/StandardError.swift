#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The standard error, unbuffered: where this program talks to the person while another reads its output.
public enum StandardError {
    @Sendable public static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
