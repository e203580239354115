/// The flags of kubectl's commands that read manifests, and those that every command has: kubectl 1.18 to 1.37.
enum KubectlFlags {
    enum Kind {
        /// Alone, or with a value behind `=`: `--recursive`, `--dry-run=server`.
        case alone
        /// With a value behind `=`, or in the next argument.
        case withValue
    }

    /// - Parameter name: without its dashes; one letter for a short one.
    /// - Returns: nil for a flag that none of these commands has.
    static func kind(of name: Substring) -> Kind? {
        if alone.contains(name) { return .alone }
        return withValue.contains(name) ? .withValue : nil
    }

    private static let alone: Set<Substring> = [
        // of every command
        "add-dir-header", "alsologtostderr", "disable-compression", "h", "help", "insecure-skip-tls-verify",
        "logtostderr",
        "match-server-version", "one-output", "skip-headers", "skip-log-headers", "warnings-as-errors",
        // of apply, create, diff and replace
        "R", "all", "allow-missing-template-keys", "cascade", "dry-run", "edit", "experimental-server-side", "force",
        "force-conflicts", "openapi-patch", "overwrite", "prune", "record", "recursive", "save-config",
        "server-dry-run",
        "server-side", "show-managed-fields", "show-secrets", "validate", "wait", "windows-line-endings",
    ]

    private static let withValue: Set<Substring> = [
        // of every command
        "as", "as-group", "as-uid", "as-user-extra", "cache-dir", "certificate-authority", "client-certificate",
        "client-key", "cluster", "context", "kubeconfig", "kuberc", "log-backtrace-at", "log-dir", "log-file",
        "log-file-max-size", "log-flush-frequency", "n", "namespace", "password", "profile", "profile-output",
        "proxy-url", "request-timeout", "s", "server", "stderrthreshold", "tls-server-name", "token", "user",
        "username",
        "v", "vmodule",
        // of apply, create, diff and replace
        "applyset", "concurrency", "f", "field-manager", "filename", "grace-period", "k", "kustomize", "l", "o",
        "output",
        "prune-allowlist", "prune-whitelist", "raw", "selector", "subresource", "template", "timeout",
    ]
}
