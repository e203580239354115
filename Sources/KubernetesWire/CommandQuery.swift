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
    /// True for an exec that names this program, wherever it lies.
    public func runs(_ program: String, query: String?) -> Bool {
        runsCommand && CommandQuery(query).command.first?.split(separator: "/").last.map(String.init) == program
    }
}
