import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A private file that is gone when the last process that holds it ends, however it ends: before the first byte is
/// written, its name is taken away. A command that inherits the descriptor reads it under its `path`.
final class UnnamedFile: Sendable {
    let descriptor: Int32

    init(in folder: String) throws(ClientFault) {
        Self.allowMoreDescriptors()
        var template = Array("\(folder)/byline-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw .file(.lastError("create a folder in", folder)) }
        let own = String(cString: made)
        let path = "\(own)/manifest"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        let fault = FileFault.lastError("create", path)
        unlink(path)
        rmdir(own)
        guard descriptor >= 0 else { throw .file(fault) }
    }

    deinit { close(descriptor) }

    /// What begins every path of such a file, and nothing else that a command prints.
    static let pathStart = "/dev/./fd/./"

    var path: String { "\(Self.pathStart)\(descriptor)" }

    func write(_ bytes: [UInt8]) throws(ClientFault) {
        var rest = bytes[...]
        while !rest.isEmpty {
            #if canImport(Glibc)
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            #else
                let count = rest.withUnsafeBytes { Darwin.write(descriptor, $0.baseAddress, $0.count) }
            #endif
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .file(.lastError("write", "a temporary file")) }
            rest = rest.dropFirst(count)
        }
    }

    /// What was written, from its beginning.
    var reading: ManifestReading { ManifestReading(descriptor: descriptor, called: "a temporary file") }

    /// A folder may hold more manifests than a shell allows descriptors; what the system allows may be used up.
    private static func allowMoreDescriptors() {
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
    }
}
