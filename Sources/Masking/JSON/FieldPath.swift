/// A path to a field, as kubectl's JSONPath and jq write it, with names and wildcards only: `.spec.password`,
/// `{.spec.users[*].token}`, `spec.data['tls.key']`.
public struct FieldPath: Hashable, Sendable {
    let steps: [FieldTree.Step]

    /// The whole object.
    public static let whole = FieldPath(steps: [])

    private init(steps: [FieldTree.Step]) { self.steps = steps }

    /// The path of one of the members, whatever its name.
    public func member(_ name: String) -> FieldPath { FieldPath(steps: steps + [.member(name)]) }

    /// The path of all members or elements.
    public var each: FieldPath { FieldPath(steps: steps + [.any]) }

    /// True where one is the other, or leads into it.
    func overlaps(_ other: FieldPath) -> Bool {
        zip(steps, other.steps).allSatisfy { $0 == $1 || $0 == .any || $1 == .any }
    }

    /// Reads a path; nil where it is none.
    public init?(_ text: String) {
        var rest = text[...]
        if rest.hasPrefix("{"), rest.hasSuffix("}") { rest = rest.dropFirst().dropLast() }
        if rest.hasPrefix("$") { rest = rest.dropFirst() }
        var steps: [FieldTree.Step] = []
        while !rest.isEmpty {
            if rest.hasPrefix("[") {
                guard let close = rest.firstIndex(of: "]"), let step = Self.bracket(rest[..<close].dropFirst()) else {
                    return nil
                }
                steps.append(step)
                rest = rest[close...].dropFirst()
                continue
            }
            if rest.hasPrefix(".") { rest = rest.dropFirst() } else if !steps.isEmpty { return nil }
            let name = rest.prefix { $0 != "." && $0 != "[" }
            guard !name.isEmpty, !name.contains("\"") else { return nil }
            steps.append(name == "*" ? .any : .member(String(name)))
            rest = rest.dropFirst(name.count)
        }
        guard !steps.isEmpty else { return nil }
        self.steps = steps
    }

    private static func bracket(_ inside: Substring) -> FieldTree.Step? {
        if inside == "*" { return .any }
        guard let quote = inside.first, quote == "'" || quote == "\"", inside.count >= 3, inside.last == quote else {
            return nil
        }
        return .member(String(inside.dropFirst().dropLast()))
    }
}
