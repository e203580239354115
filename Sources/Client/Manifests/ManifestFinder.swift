import LocalState

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Finds the files that a name stands for, as kubectl finds those of `-f`: a file whatever it is called; of a folder, the
/// files that end in .json, .yaml or .yml, in the order of their names; else what a pattern matches.
struct ManifestFinder {
    let isRecursive: Bool

    /// A manifest, and where it is below what was named: of a file, its own name.
    struct File {
        let path: String
        let relativePath: String
    }

    /// - Returns: nil where nothing is there, or something cannot be read: kubectl has the words for it.
    func files(named name: String) -> [File]? {
        var status = stat()
        if stat(name, &status) == 0 { return expand(name) }
        guard errno == ENOENT, let matches = GlobPattern(name)?.matches(), !matches.isEmpty else { return nil }
        var files: [File] = []
        for match in matches {
            guard let found = expand(match) else { return nil }
            files += found
        }
        return files
    }

    /// A link to a folder is no folder here, as it is none for kubectl.
    private func expand(_ path: String) -> [File]? {
        guard FolderListing.isFolder(path, followingLinks: false) else {
            return [File(path: path, relativePath: path.split(separator: "/").last.map(String.init) ?? path)]
        }
        let files = walk(path, "")
        return files?.isEmpty == true ? nil : files
    }

    private func walk(_ folder: String, _ prefix: String) -> [File]? {
        guard let names = FolderListing.names(in: folder) else { return nil }
        var files: [File] = []
        for name in names {
            let path = Path.clean("\(folder)/\(name)")
            if FolderListing.isFolder(path, followingLinks: false) {
                guard isRecursive else { continue }
                guard let inner = walk(path, "\(prefix)\(name)/") else { return nil }
                files += inner
            } else if Self.endings.contains(where: { name.hasSuffix($0) }) {
                files.append(File(path: path, relativePath: prefix + name))
            }
        }
        return files
    }

    private static let endings = [".json", ".yaml", ".yml"]
}

/// What is in a folder.
enum FolderListing {
    /// The names, in the order of their bytes; nil where the folder cannot be read.
    static func names(in folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            names.append(withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) })
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
            .compactMap { String(validating: $0, as: UTF8.self) }
            .filter { $0 != "." && $0 != ".." }
    }

    static func isFolder(_ path: String, followingLinks: Bool) -> Bool {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR
    }
}
