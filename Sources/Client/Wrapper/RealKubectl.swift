import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The kubectl that the wrapper runs.
struct RealKubectl {
    let path: String

    /// `BYLINE_KUBECTL`, else the first kubectl in PATH behind this program; never this program itself, under whatever
    /// name it is installed.
    static func find(_ environment: Environment) throws(ClientFault) -> RealKubectl {
        if let named = environment.kubectl {
            let candidates = named.contains("/") ? [named] : folders(environment).map { "\($0)/\(named)" }
            guard let found = candidates.first(where: { isProgram($0) }) else { throw .commandNotFound(named) }
            guard !isThisProgram(found) else { throw .manifest(.noKubectl) }
            return RealKubectl(path: found)
        }
        let candidates = folders(environment).map { "\($0)/kubectl" }
        // Two copies of this program must not find each other in turns: each looks only behind itself.
        let behind = candidates.lastIndex { isThisProgram($0) }.map { candidates[($0 + 1)...] } ?? candidates[...]
        guard let found = behind.first(where: { isProgram($0) }) else { throw .manifest(.noKubectl) }
        return RealKubectl(path: found)
    }

    /// Becomes kubectl, with this program's arguments. Returns only where that fails.
    func become(_ arguments: [String], keeping descriptors: OpenDescriptors) throws(ClientFault) -> Never {
        descriptors.closeOthersOnExec()
        // The threads of a pool block all signals, and a new program would go on doing so.
        var blocked = sigset_t()
        sigemptyset(&blocked)
        pthread_sigmask(SIG_SETMASK, &blocked, nil)
        var pointers = ([path] + arguments).map { strdup($0) } + [nil]
        execv(path, &pointers)
        let cause = String(cString: strerror(errno))
        for pointer in pointers { free(pointer) }
        throw .cannotRun(command: path, cause: cause)
    }

    private static func folders(_ environment: Environment) -> [String] {
        (environment.variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
            .split(separator: ":", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "." : String($0) }
    }

    private static func isProgram(_ path: String) -> Bool {
        !FolderListing.isFolder(path, followingLinks: true) && access(path, X_OK) == 0
    }

    private static func isThisProgram(_ path: String) -> Bool {
        var (own, other) = (stat(), stat())
        guard let program = ProcessEnvironment.program(), stat(program, &own) == 0, stat(path, &other) == 0 else {
            return false
        }
        return own.st_dev == other.st_dev && own.st_ino == other.st_ino
    }
}
