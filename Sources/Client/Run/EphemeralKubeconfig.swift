import LocalState
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A kubeconfig for one command, in a folder of its own that nobody else can enter: it names the shim, and holds the
/// shim's bearer and nothing else that opens anything.
struct EphemeralKubeconfig: ~Copyable {
    let path: String
    private let folder: String

    init(shim: Shim, clusters: [String], current: String, in runtimeFolder: String) throws(ClientFault) {
        var template = Array("\(runtimeFolder)/byline-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw .file(.lastError("create a folder in", runtimeFolder)) }
        let folder = String(cString: made)
        let path = "\(folder)/kubeconfig"
        do throws(FileFault) {
            try PrivateFile.replaceAtomically(path, with: Array(Self.text(shim, clusters, current).utf8))
        } catch {
            rmdir(folder)
            throw .file(error)
        }
        self.folder = folder
        self.path = path
    }

    deinit {
        unlink(path)
        rmdir(folder)
    }

    /// Names are written as JSON strings, which YAML reads as they are.
    private static func text(_ shim: Shim, _ clusters: [String], _ current: String) -> String {
        func quoted(_ text: String) -> String { JSON.string(text).canonicalText }
        var text = "# made by byline run for one command; gone when it ends\napiVersion: v1\nkind: Config\nclusters:\n"
        for cluster in clusters {
            let path = cluster == current ? "" : "/clusters/\(cluster)"
            text += """
                - name: \(quoted(cluster))
                  cluster:
                    server: \(quoted("https://\(shim.address)\(path)"))
                    certificate-authority-data: \(Base64.encode(shim.authority.utf8))

                """
        }
        text += "users:\n- name: byline\n  user:\n    token: \(quoted(shim.bearer))\ncontexts:\n"
        for cluster in clusters {
            text += "- name: \(quoted(cluster))\n  context: {cluster: \(quoted(cluster)), user: byline}\n"
        }
        return text + "current-context: \(quoted(current))\n"
    }
}
