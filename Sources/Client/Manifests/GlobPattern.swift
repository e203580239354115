import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A pattern of paths as Go's path/filepath matches them, which kubectl uses: `*`, `?`, `[a-z]`, each within one name, and
/// a name's first dot is like any other character.
struct GlobPattern {
    private let pattern: String

    /// Returns nil for a text that is no pattern, or one that Go and fnmatch(3) read differently.
    init?(_ text: String) {
        guard Self.isPattern(text), !text.contains("[!"), !text.contains("[[") else { return nil }
        pattern = text
    }

    /// The paths, in the order of their names; none where a bracket closes nowhere.
    func matches() -> [String] { Self.matches(of: pattern) }

    private static func isPattern(_ text: String) -> Bool { text.contains { "*?[\\".contains($0) } }

    private static func matches(of pattern: String) -> [String] {
        let slash = pattern.lastIndex(of: "/")
        let name = slash.map { String(pattern[pattern.index(after: $0)...]) } ?? pattern
        let folder = slash.map { $0 == pattern.startIndex ? "/" : String(pattern[..<$0]) } ?? "."
        let folders = isPattern(folder) ? matches(of: folder) : [folder]
        return folders.flatMap { folder -> [String] in
            guard FolderListing.isFolder(folder, followingLinks: true) else { return [] }
            return (FolderListing.names(in: folder) ?? [])
                .filter { fnmatch(name, $0, 0) == 0 }
                .map { Path.clean("\(folder)/\($0)") }
        }
    }
}
