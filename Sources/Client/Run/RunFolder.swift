import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The files of one run, in a folder of its own that nobody else can enter and that goes away with the value: the
/// kubeconfig of its command, and who writes at the moment.
struct RunFolder: ~Copyable {
    private let path: String

    var kubeconfig: String { "\(path)/kubeconfig" }
    var context: String { "\(path)/context.json" }

    init(in runtimeFolder: String) throws(ClientFault) {
        var template = Array("\(runtimeFolder)/byline-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw .file(.lastError("create a folder in", runtimeFolder)) }
        path = String(cString: made)
    }

    borrowing func write(_ config: ShimKubeconfig) throws(ClientFault) {
        do throws(FileFault) { try PrivateFile.replaceAtomically(kubeconfig, with: Array(config.text.utf8)) } catch {
            throw .file(error)
        }
    }

    deinit {
        unlink(kubeconfig)
        unlink(context)
        rmdir(path)
    }
}
