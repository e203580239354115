import Vocabulary

/// A kubeconfig that names the shim: a context for each cluster, the shim's bearer, and nothing else that opens anything.
struct ShimKubeconfig {
    /// The first line of every one, by which a file is known to be ours.
    static let mark = "# made by byline; requests through it are tagged and recorded"

    let shim: Shim
    let clusters: [String]
    let current: String

    /// Names are written as JSON strings, which YAML reads as they are.
    var text: String {
        func quoted(_ text: String) -> String { JSON.string(text).canonicalText }
        var text = "\(Self.mark)\napiVersion: v1\nkind: Config\nclusters:\n"
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
