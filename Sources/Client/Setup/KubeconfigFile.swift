import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A kubeconfig on disk, changed by one program at a time: with the lock file that kubectl uses, too
/// (https://github.com/kubernetes/client-go/blob/v0.34.0/tools/clientcmd/loader.go).
struct KubeconfigFile {
    /// As it was named; a link leads to the file that is changed.
    let path: String
    private let target: String

    /// The file that is named, else the first of `KUBECONFIG`, else `~/.kube/config`.
    init(named: String?, _ environment: Environment) throws(ClientFault) {
        let listed = environment.kubeconfig?.split(separator: ":").first.map(String.init)
        let standard = environment.variables["HOME"].map { "\($0)/.kube/config" }
        guard let path = named ?? listed ?? standard else { throw .setup(.noKubeconfigPath) }
        self.path = path
        let resolved = realpath(path, nil)
        defer { free(resolved) }
        target = resolved.map { String(cString: $0) } ?? path
    }

    /// Changes the file; what the change gives takes its place whole, nil removes it.
    func update(_ change: ([UInt8]) throws(ClientFault) -> [UInt8]?) throws(ClientFault) {
        let lock = "\(target).lock"
        do throws(FileFault) {
            if access(Path.folder(of: target), F_OK) != 0 { try PrivateFile.makeFolder(Path.folder(of: target)) }
            try take(lock)
        } catch {
            guard error.reason == .system(errno: EEXIST) else { throw .file(error) }
            throw .setup(.locked(file: path, lock: lock))
        }
        defer { unlink(lock) }
        let old = try bytes()
        guard let new = try change(old ?? []) else {
            do throws(FileFault) { return try PrivateFile.remove(target) } catch { throw .file(error) }
        }
        guard new != old else { return }
        var status = stat()
        let mode = stat(target, &status) == 0 ? UInt32(status.st_mode & 0o777) : 0o600
        do throws(FileFault) { try PrivateFile.replaceAtomically(target, with: new, mode: mode) } catch {
            throw .file(error)
        }
    }

    private func bytes() throws(ClientFault) -> [UInt8]? {
        do throws(FileFault) { return try PrivateFile.readShared(target) } catch {
            if error.isMissing { return nil }
            throw .file(error)
        }
    }

    /// Tries for two seconds.
    private func take(_ lock: String) throws(FileFault) {
        for attempt in 0... {
            do throws(FileFault) { return try PrivateFile.create(lock, with: []) } catch {
                guard error.reason == .system(errno: EEXIST), attempt < 40 else { throw error }
                usleep(50_000)
            }
        }
    }
}
