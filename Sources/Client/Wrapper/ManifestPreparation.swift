import CurlTransport
import ManifestEditing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A command line of kubectl whose manifests were annotated: the arguments name unnamed files in place of the person's.
struct PreparedCommandLine {
    var arguments: [String]
    /// Held open until kubectl has ended.
    var files: [UnnamedFile] = []
    /// What the person calls them, by their descriptors.
    var names: [Int32: String] = [:]
}

/// Annotates what a command line of kubectl names.
struct ManifestPreparation {
    let annotator: ManifestAnnotator
    let kubectl: RealKubectl
    let environment: Environment
    let descriptors: OpenDescriptors
    let engine: () throws -> CurlEngine

    /// What kubectl calls its standard input.
    private static let standardInput = "STDIN"

    /// The command line to run in place of this one; the very same where kubectl cannot read what it names, and will say so.
    func prepare(
        _ line: KubectlCommandLine, _ manifests: KubectlCommandLine.Manifests
    ) async throws -> PreparedCommandLine {
        var work = Work(line: PreparedCommandLine(arguments: line.arguments))
        var replaced: [Int: [String]] = [:]
        switch manifests {
        case .kustomization(let flag):
            guard let built = try await build(flag.value) else { return work.line }
            replaced[flag.range.lowerBound] = [try annotate(built.reading, called: flag.value, &work)]
        case .files(let flags, let isRecursive):
            for flag in flags {
                guard let names = KubectlCommandLine.names(in: flag.value) else { return work.line }
                var paths: [String] = []
                for name in names { paths += try await prepare(name, isRecursive, &work) }
                if paths != names { replaced[flag.range.lowerBound] = paths }
            }
        }
        guard work.refusals.isEmpty else { throw ClientFault.manifest(.refused(work.refusals)) }
        work.line.arguments = line.replacing(replaced)
        return work.line
    }

    private struct Work {
        var line: PreparedCommandLine
        var refusals: [(file: String, ManifestRefusal)] = []
        var hasReadInput = false
    }

    /// - Returns: what `-f` is to name in place of the name.
    private func prepare(_ name: String, _ isRecursive: Bool, _ work: inout Work) async throws -> [String] {
        if name == "-" {
            guard !work.hasReadInput else { return [name] }
            work.hasReadInput = true
            return [
                try annotate(ManifestReading(descriptor: STDIN_FILENO, called: name), called: Self.standardInput, &work)
            ]
        }
        if ManifestFetch.isURL(name) {
            let fetched = try UnnamedFile(in: environment.runtimeFolder)
            try fetched.write(try await ManifestFetch(engine: try engine()).bytes(of: name))
            return [try annotate(fetched.reading, called: name, &work)]
        }
        guard let files = ManifestFinder(isRecursive: isRecursive).files(named: name) else { return [name] }
        var paths: [String] = []
        for file in files {
            guard access(file.path, R_OK) == 0 else { return [name] }
            paths.append(try annotate(try ManifestReading(file: file.path), called: file.path, &work))
        }
        return paths
    }

    private func annotate(
        _ reading: borrowing ManifestReading, called name: String, _ work: inout Work
    ) throws(ClientFault) -> String {
        let file = try UnnamedFile(in: environment.runtimeFolder)
        let outcome = try annotator.annotate(reading) { bytes throws(ClientFault) in try file.write(bytes) }
        work.refusals += outcome.refusals.map { (name, $0) }
        work.line.files.append(file)
        work.line.names[file.descriptor] = name
        return file.path
    }

    /// What kubectl itself makes of a kustomization; nil where it cannot: the command says why when it is run.
    private func build(_ folder: String) async throws -> UnnamedFile? {
        let output = try UnnamedFile(in: environment.runtimeFolder)
        let errors = try UnnamedFile(in: environment.runtimeFolder)
        let code = try await ChildProcess.run(
            [kubectl.path, "kustomize", "--", folder], environment: environment.variables, keeping: descriptors,
            redirecting: [
                .init(from: output.descriptor, to: STDOUT_FILENO), .init(from: errors.descriptor, to: STDERR_FILENO),
            ])
        // Who interrupts it means the whole command.
        guard code < 128 else { throw ChildProcess.Interrupted(code: code) }
        guard code == 0 else { return nil }
        let warnings = errors.reading
        while let piece = try warnings.piece() {
            _ = piece.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
        return output
    }
}
