import CurlTransport
import LocalState
import ManifestEditing
import Vocabulary

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `byline annotate`: manifests annotated by themselves, for pipelines and for folders that are committed. Nothing is written
/// unless everything can be.
public struct AnnotateCommand: Sendable {
    public enum Target: Sendable {
        /// One stream, to standard output.
        case output
        /// Files below this folder, called as they are below what was named.
        case folder(String)
        /// Nothing is written.
        case none
    }

    /// Files, folders, patterns, URLs; `-` is standard input.
    public var names: [String]
    public var isRecursive: Bool
    public var target: Target
    public var options: BylineOptions
    public var prefix: String

    public init(names: [String], isRecursive: Bool, target: Target, options: BylineOptions, prefix: String) {
        self.names = names
        self.isRecursive = isRecursive
        self.target = target
        self.options = options
        self.prefix = prefix
    }

    /// Annotates.
    ///
    /// - Returns: the files, or names of streams, that did not carry these annotations before.
    public func run(_ environment: Environment, _ print: ([UInt8]) -> Void) async throws -> [String] {
        let byline = try options.resolve(environment)
        let annotator = try ManifestAnnotator(
            byline, session: environment.session ?? byline[.conversation]?.value, prefix: prefix)
        var manifests: [Manifest] = []
        for name in names { manifests += try await read(name, annotator, environment) }
        let refusals = manifests.flatMap { manifest in manifest.outcome.refusals.map { (manifest.name, $0) } }
        guard refusals.isEmpty else { throw ClientFault.manifest(.refused(refusals)) }
        switch target {
        case .none: break
        case .output: try Self.join(manifests, print)
        case .folder(let folder): try write(manifests, below: folder)
        }
        return manifests.filter(\.outcome.isChanged).map(\.name)
    }

    /// A manifest after its annotation.
    private struct Manifest {
        let name: String
        let relativePath: String
        let file: UnnamedFile
        let outcome: ManifestAnnotator.Outcome
    }

    private func read(
        _ name: String, _ annotator: ManifestAnnotator, _ environment: Environment
    ) async throws -> [Manifest] {
        func annotated(
            _ reading: borrowing ManifestReading, _ name: String, _ relativePath: String
        ) throws(ClientFault) -> Manifest {
            let file = try UnnamedFile(in: environment.runtimeFolder)
            let outcome = try annotator.annotate(reading) { bytes throws(ClientFault) in try file.write(bytes) }
            return Manifest(name: name, relativePath: relativePath, file: file, outcome: outcome)
        }
        if name == "-" {
            return [try annotated(ManifestReading(descriptor: STDIN_FILENO, called: name), "STDIN", "STDIN")]
        }
        if ManifestFetch.isURL(name) {
            let fetched = try UnnamedFile(in: environment.runtimeFolder)
            try fetched.write(try await ManifestFetch(engine: try CurlEngine()).bytes(of: name))
            let path = name.prefix { !"?#".contains($0) }.split(separator: "/").last.map(String.init) ?? "manifest"
            return [try annotated(fetched.reading, name, path)]
        }
        guard let files = ManifestFinder(isRecursive: isRecursive).files(named: name) else {
            throw ClientFault.manifest(.notFound(name))
        }
        return try files.map { try annotated(try ManifestReading(file: $0.path), $0.path, $0.relativePath) }
    }

    /// One stream out of several: a separator stands between two, unless the second begins with its own.
    private static func join(_ manifests: [Manifest], _ print: ([UInt8]) -> Void) throws(ClientFault) {
        var last: UInt8?
        for manifest in manifests {
            let reading = manifest.file.reading
            var isFirst = true
            while let piece = try reading.piece() {
                if isFirst, let last {
                    if last != 0x0A { print([0x0A]) }
                    if !piece.starts(with: "---".utf8) { print(Array("---\n".utf8)) }
                }
                isFirst = false
                last = piece.last
                print(piece)
            }
        }
    }

    private func write(_ manifests: [Manifest], below folder: String) throws(ClientFault) {
        var targets: Set<String> = []
        for manifest in manifests {
            let target = Path.clean("\(folder)/\(manifest.relativePath)")
            guard targets.insert(target).inserted else { throw .manifest(.sameTarget(target)) }
        }
        do throws(FileFault) {
            for manifest in manifests {
                try Self.write(manifest, to: Path.clean("\(folder)/\(manifest.relativePath)"))
            }
        } catch { throw .file(error) }
    }

    /// A file that is there keeps its mode; a link goes on leading to where it leads.
    private static func write(_ manifest: Manifest, to path: String) throws(FileFault) {
        var status = stat()
        var target = path
        if stat(path, &status) == 0 {
            if !manifest.outcome.isChanged, isSame(status, as: manifest.name) { return }
            target = resolved(path)
        } else {
            try makeFolder(Path.folder(of: path))
            status.st_mode = 0o644
        }
        try PrivateFile.replaceAtomically(target, with: contents(of: manifest.file))
        guard chmod(target, status.st_mode & 0o777) == 0 else { throw .lastError("change the mode of", target) }
    }

    private static func isSame(_ status: stat, as path: String) -> Bool {
        var other = stat()
        return stat(path, &other) == 0 && other.st_dev == status.st_dev && other.st_ino == status.st_ino
    }

    private static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func makeFolder(_ path: String) throws(FileFault) {
        if FolderListing.isFolder(path, followingLinks: true) { return }
        let parent = Path.folder(of: path)
        if parent != path { try makeFolder(parent) }
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .lastError("create folder", path) }
    }

    private static func contents(of file: UnnamedFile) throws(FileFault) -> [UInt8] {
        let reading = file.reading
        var bytes: [UInt8] = []
        do throws(ClientFault) { while let piece = try reading.piece() { bytes += piece } } catch {
            throw .lastError("read", "a temporary file")
        }
        return bytes
    }
}
