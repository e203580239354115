import Vocabulary

/// What the query of an exec or attach asks for.
public struct CommandQuery: Hashable, Sendable {
    /// The program and its arguments; empty for an attach.
    public let command: [String]
    /// True where the command has a terminal.
    public let isTerminal: Bool

    /// Reads a query; nil has neither.
    public init(_ query: String?) {
        let fields = query.flatMap { FormFields(parsing: $0) }?.fields ?? []
        command = fields.filter { $0.name == "command" }.map(\.value)
        // As apimachinery reads a boolean in a query: whatever is not false.
        isTerminal = fields.first { $0.name == "tty" }.map { !["false", "0"].contains($0.value.lowercased()) } ?? false
    }
}

extension RequestInfo {
    /// True for an exec of a tar that writes an archive to its standard output, as `kubectl cp` has to take files out of a pod.
    public func packsArchive(query: String?) -> Bool { runsCommand && TarCommand(CommandQuery(query).command).packs }
}

/// A command line, as far as it tells what a tar does.
struct TarCommand {
    /// True where it makes an archive and writes it to its standard output.
    private(set) var packs = false

    init(_ command: [String]) {
        let words = Self.retried(command) ?? command
        guard words.first?.split(separator: "/").last == "tar" else { return }
        var rest = words.dropFirst()
        var isMaking = false
        // Without the option it is the standard output, or a tape.
        var archive = "-"
        // Options may go without a hyphen at the first place: then their values are the words that follow.
        if let first = rest.first, !first.hasPrefix("-") {
            rest = rest.dropFirst()
            for letter in first {
                isMaking = isMaking || letter == "c"
                guard Self.haveValues.contains(letter), let value = rest.popFirst() else { continue }
                if letter == "f" { archive = value }
            }
        }
        while let word = rest.popFirst(), word != "--" {
            if word == "--create" {
                isMaking = true
            } else if word == "--file" {
                archive = rest.popFirst() ?? archive
            } else if word.hasPrefix("--file=") {
                archive = String(word.dropFirst("--file=".count))
            } else if word.hasPrefix("-"), !word.hasPrefix("--") {
                var letters = word.dropFirst()
                while let letter = letters.popFirst() {
                    isMaking = isMaking || letter == "c"
                    guard Self.haveValues.contains(letter) else { continue }
                    let value = letters.isEmpty ? rest.popFirst() : String(letters)
                    if letter == "f" { archive = value ?? archive }
                    break
                }
            }
        }
        packs = isMaking && archive == "-"
    }

    private static let haveValues = Set("fCbTXgHIKLNV")

    /// The tar of `kubectl cp --retries`, which runs `sh -c "tar cf - 'FILE' | tail -c+N"`, in older ones without quotes; nil for
    /// any other command, and where the file's name says more to a shell.
    private static func retried(_ command: [String]) -> [String]? {
        let (head, middle) = ("tar cf - ", " | tail -c+")
        guard command.count == 3, command[0] == "sh", command[1] == "-c", command[2].hasPrefix(head) else { return nil }
        let rest = command[2].utf8.dropFirst(head.utf8.count)
        let digits = rest.reversed().prefix { (0x30...0x39).contains($0) }.count
        let file = rest.dropLast(digits + middle.utf8.count)
        guard digits > 0, rest.dropLast(digits).elementsEqual(Array(file) + middle.utf8) else { return nil }
        let quote = UInt8(ascii: "'")
        let isQuoted = file.count > 2 && file.first == quote && file.last == quote
        let name = isQuoted ? file.dropFirst().dropLast() : file
        let meaningful = isQuoted ? "'" : #""'`$&|;<>()*?[]#~!{}\"#
        guard !name.isEmpty, !name.contains(where: { meaningful.utf8.contains($0) || (!isQuoted && $0 <= 0x20) }) else {
            return nil
        }
        return ["tar", "cf", "-", String(decoding: name, as: UTF8.self)]
    }
}
