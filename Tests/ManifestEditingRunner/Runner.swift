import Foundation
import ManifestEditing

/// Runs the editor over files, for the corpus run and for measuring. Not shipped.
///
///     manifest-editing-runner [--annotation KEY=VALUE]… [--output DIR] [--measure ROUNDS] FILE…
///
/// Each document is told on a line of its own, tab-separated: file, line, outcome, detail. With `--output` the edited
/// files are written to DIR under the numbers in which the files were given. `-` is stdin, edited to stdout piece by piece.
@main struct Runner {
    private var annotations: [ManifestAnnotation] = []
    private var output: String?
    private var rounds: Int?
    private var files: [String] = []

    static func main() throws {
        var runner = Runner()
        try runner.readArguments(Array(CommandLine.arguments.dropFirst()))
        let editor = try ManifestEditor(runner.annotations)
        if runner.files == ["-"] { return try pipe(editor) }
        if let rounds = runner.rounds { return try runner.measure(editor, rounds: rounds) }
        for (number, file) in runner.files.enumerated() {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
            let edited = editor.edit(bytes)
            for document in edited.documents { tell(document, in: file) }
            if let violation = EditingProperties.violation(bytes, editor: editor, chunk: 1_000) {
                print("\(file)\t0\tviolation\t\(violation)")
            }
            guard let output = runner.output else { continue }
            try Data(edited.bytes).write(to: URL(fileURLWithPath: "\(output)/\(number)"))
        }
    }

    private mutating func readArguments(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--annotation":
                let parts = (rest.popFirst() ?? "").split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                annotations.append(try ManifestAnnotation(key: String(parts[0]), value: String(parts.last ?? "")))
            case "--output": output = rest.popFirst()
            case "--measure": rounds = rest.popFirst().flatMap { Int($0) }
            default: files.append(argument)
            }
        }
    }

    private static func tell(_ document: EditedDocument, in file: String) {
        switch document.outcome {
        case .annotated(let objects): print("\(file)\t\(document.line)\tannotated\t\(objects)")
        case .untouched(let reason): print("\(file)\t\(document.line)\tuntouched\t\(reason)")
        case .refused(let refusals):
            for refusal in refusals {
                print("\(file)\t\(refusal.place)\trefused\t\(refusal.cause) (\(refusal.hint))")
            }
        }
    }

    private static func pipe(_ editor: ManifestEditor) throws {
        var stream = editor.stream()
        while let piece = try FileHandle.standardInput.read(upToCount: 65_536), !piece.isEmpty {
            write(stream.append(Array(piece)))
        }
        write(stream.finish())
    }

    /// All at once: a document is often short.
    private static func write(_ documents: [EditedDocument]) {
        guard documents.count != 1 else { return write(documents[0].bytes) }
        var bytes: [UInt8] = []
        for document in documents { bytes += document.bytes }
        write(bytes)
    }

    private static func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            FileHandle.standardOutput.write(
                Data(bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: bytes.count, deallocator: .none))
        }
    }

    private func measure(_ editor: ManifestEditor, rounds: Int) throws {
        for file in files {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
            for _ in 0..<rounds {
                let started = ContinuousClock.now
                var stream = editor.stream()
                var size = 0
                for start in stride(from: 0, to: bytes.count, by: 65_536) {
                    let piece = Array(bytes[start..<min(start + 65_536, bytes.count)])
                    for document in stream.append(piece) { size += document.bytes.count }
                }
                for document in stream.finish() { size += document.bytes.count }
                let seconds = started.duration(to: .now) / .seconds(1)
                print("\(file)\t\(bytes.count) bytes\t\(size) out\t\(Int(Double(bytes.count) / seconds / 1e6)) MB/s")
            }
        }
    }
}
