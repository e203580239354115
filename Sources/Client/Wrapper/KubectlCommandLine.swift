/// A command line of kubectl, read far enough to know what its `-f` and `-k` name.
struct KubectlCommandLine {
    /// A flag as it was given.
    struct Flag {
        let name: String
        let value: String
        /// The arguments that it takes up, and what is left of them without it: of `-Rf app`, `-R`.
        let range: Range<Int>
        let rest: [String]
    }

    let arguments: [String]
    private(set) var flags: [Flag] = []
    /// The command and its own arguments.
    private(set) var words: [String] = []
    /// False where a flag was met that may or may not take the argument behind it; what follows was not read.
    private(set) var isUnderstood = true

    init(_ arguments: [String]) {
        self.arguments = arguments
        var index = 0
        while index < arguments.count, isUnderstood {
            let argument = arguments[index]
            if argument == "--" {
                words += arguments[(index + 1)...]
                return
            }
            if argument.hasPrefix("--") {
                index = takeLong(argument.dropFirst(2), at: index)
            } else if argument.hasPrefix("-"), argument != "-" {
                index = takeShort(argument.dropFirst(), at: index)
            } else {
                words.append(argument)
                index += 1
            }
        }
    }

    /// - Returns: where the next argument stands.
    private mutating func takeLong(_ text: Substring, at index: Int) -> Int {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0]
        if parts.count == 2 { return take(name, String(parts[1]), index..<index + 1) }
        switch KubectlFlags.kind(of: name) {
        case .alone: return take(name, "", index..<index + 1)
        case .withValue where index + 1 < arguments.count: return take(name, arguments[index + 1], index..<index + 2)
        case .withValue, nil:
            isUnderstood = false
            return index
        }
    }

    /// Reads letters that stand behind one dash; the last may have a value, with or without `=`.
    private mutating func takeShort(_ letters: Substring, at index: Int) -> Int {
        for position in letters.indices {
            let rest = letters[letters.index(after: position)...]
            let before = letters[..<position].isEmpty ? [] : ["-\(letters[..<position])"]
            let name = letters[position...position]
            switch KubectlFlags.kind(of: name) {
            case .alone where rest.first == "=": return take(name, String(rest.dropFirst()), index..<index + 1, before)
            case .alone: flags.append(Flag(name: String(name), value: "", range: index..<index + 1, rest: []))
            case .withValue where !rest.isEmpty:
                let value = rest.first == "=" ? rest.dropFirst() : rest
                return take(name, String(value), index..<index + 1, before)
            case .withValue where index + 1 < arguments.count:
                return take(name, arguments[index + 1], index..<index + 2, before)
            case .withValue, nil:
                isUnderstood = false
                return index
            }
        }
        return index + 1
    }

    private mutating func take(
        _ name: Substring, _ value: String, _ range: Range<Int>, _ rest: [String] = []
    ) -> Int {
        flags.append(Flag(name: String(name), value: value, range: range, rest: rest))
        return range.upperBound
    }

    /// True where kubectl asks no API server, or is itself to find its way to this program: it is run as it is.
    var isLocal: Bool {
        guard let command = words.first else { return isUnderstood }
        if has("h", "help") { return true }
        if command == "version" { return flag("client") == "" || flag("client") == "true" }
        return Self.localCommands.contains(command)
    }

    private static let localCommands: Set<String> = [
        "byline", "completion", "config", "help", "kuberc", "kustomize", "options", "plugin",
    ]

    private func has(_ names: String...) -> Bool { flags.contains { names.contains($0.name) && $0.value != "false" } }

    private func flag(_ name: String) -> String? { flags.last { $0.name == name }?.value }

    /// The context or the cluster that it names.
    var cluster: String? { flag("context") ?? flag("cluster") }

    /// The values of one `-f` are separated by commas, as in a line of CSV. Nil where quotes are in it that close nowhere.
    static func names(in value: String) -> [String]? {
        value.isEmpty ? [] : CommaSeparated.fields(of: value)
    }
}

extension KubectlCommandLine {
    /// What `-f` and `-k` name; nil for a command that reads no manifests, or one that kubectl is to refuse by itself.
    var manifests: Manifests? {
        guard isUnderstood, words.count == 1, let command = words.first, Self.readers.contains(command),
            !has("h", "help"), flag("raw") ?? "" == ""
        else { return nil }
        let files = flags.filter { $0.name == "f" || $0.name == "filename" }
        let kustomizations = flags.filter { $0.name == "k" || $0.name == "kustomize" }
        switch (files.isEmpty, kustomizations.count) {
        case (false, 0): return .files(files, isRecursive: has("R", "recursive"))
        case (true, 1) where !has("R", "recursive"): return .kustomization(kustomizations[0])
        default: return nil
        }
    }

    enum Manifests {
        case files([Flag], isRecursive: Bool)
        case kustomization(Flag)
    }

    private static let readers: Set<String> = ["apply", "create", "diff", "replace"]

    /// The arguments with other files in place of what some flags name: for each flag that changes, by where it begins,
    /// what `--filename` is to name.
    func replacing(_ names: [Int: [String]]) -> [String] {
        var replaced: [String] = []
        var index = 0
        while index < arguments.count {
            if let names = names[index], let flag = flags.last(where: { $0.range.lowerBound == index }) {
                replaced += flag.rest + ["--filename=" + names.map(CommaSeparated.field).joined(separator: ",")]
                index = flag.range.upperBound
            } else {
                replaced.append(arguments[index])
                index += 1
            }
        }
        return replaced
    }
}
