import NIOCore
public import Vocabulary

/// A JSON patch (RFC 6902), as far as it could show what is masked: `copy` and `move` carry a value to a place where it is not
/// masked, and `test` tells whether a guess is right.
public struct JSONPatch {
    /// Why a patch is not sent to the cluster.
    public enum Fault: Error, Hashable, Sendable {
        /// It is no list of operations.
        case unreadable
        /// An operation would carry what is masked at this path to another one.
        case carries(operation: String, path: String)
        /// An operation would tell what is masked at this path.
        case tells(path: String)
    }

    struct Operation {
        let operation: String
        let path: String
        let from: String?
        let value: JSON?
    }

    let operations: [Operation]

    /// Reads the body of a patch.
    public init(_ bytes: [UInt8]) throws(Fault) {
        guard let json = try? JSON(parsing: bytes), let elements = json.array else { throw .unreadable }
        var operations: [Operation] = []
        for element in elements {
            guard let members = element.members, Set(members.map(\.name)).count == members.count,
                let operation = element["op"]?.string, let path = element["path"]?.string
            else { throw .unreadable }
            operations.append(
                Operation(
                    operation: operation, path: path, from: element["from"]?.string,
                    value: members.first { $0.name == "value" }?.value))
        }
        self.operations = operations
    }

    /// A pointer's segments as the API server takes them (evanphx/json-patch): what stands before the first slash counts for
    /// nothing.
    static func segments(_ pointer: String) -> [String] {
        pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { segment in
            var plain = ""
            var rest = segment[...]
            while let character = rest.popFirst() {
                if character == "~", let next = rest.first, next == "0" || next == "1" {
                    rest.removeFirst()
                    plain.append(next == "0" ? "~" : "/")
                } else {
                    plain.append(character)
                }
            }
            return plain
        }
    }

    /// Holds the operations against the rules.
    func check(_ rules: MaskingRules) throws(Fault) {
        for operation in operations {
            switch operation.operation {
            case "copy", "move":
                // Without a source the API server refuses it.
                guard let from = operation.from else { continue }
                if Self.shows(from, rules) { throw .carries(operation: operation.operation, path: from) }
            case "test":
                let value = operation.value ?? .null
                if Self.shows(operation.path, rules) || Self.isMasked(value, at: operation.path, rules) {
                    throw .tells(path: operation.path)
                }
            case "add", "replace", "remove":
                // An environment variable of another name would show its value.
                if operation.operation != "add", rules.usesNames, Self.isName(operation.path) {
                    throw .carries(operation: operation.operation, path: operation.path)
                }
            // The API server knows no other.
            default: throw .unreadable
            }
        }
    }

    /// True where the record must not show a value of the patch, since the path alone says what it is.
    func hidesValues(_ rules: MaskingRules) -> Bool {
        operations.contains { $0.value != nil && Self.shows($0.path, rules, wholly: false) }
    }

    /// True where what stands at a path is masked, be it for its place or for its name, or, `wholly`, something within it for its
    /// place.
    private static func shows(_ pointer: String, _ rules: MaskingRules, wholly: Bool = true) -> Bool {
        let segments = segments(pointer)
        if rules.fields.isMasked(segments, orWithin: wholly) { return true }
        guard rules.usesNames, let last = segments.last else { return false }
        // What stands beside them says whether these are secret, and is not known here.
        if last == "value" || segments.dropLast().last.map(["args", "command"].contains) == true { return true }
        if wholly, ["args", "command"].contains(last) { return true }
        return segments.contains { segment in
            Array(segment.utf8).withUnsafeBytes { rules.detectors.names?.strength($0) } != nil
        }
    }

    /// True for the name of an element of `env`, or the element itself.
    private static func isName(_ pointer: String) -> Bool {
        let segments = segments(pointer)
        return segments.count >= 3 && segments.last == "name" && segments[segments.count - 3] == "env"
    }

    /// True where a value would be masked if it stood at a path.
    private static func isMasked(_ value: JSON, at pointer: String, _ rules: MaskingRules) -> Bool {
        let object = segments(pointer).reversed().reduce(value) { JSON.object([JSON.Member($1, $0)]) }
        var masker = JSONMasker(rules, rules.keys.binding(to: .fresh()))
        // What cannot be looked through is not sent.
        guard let first = try? masker.consume(.init(bytes: object.canonicalBytes)), let last = try? masker.finish()
        else {
            return true
        }
        return !first.maskings.isEmpty || !last.maskings.isEmpty
    }
}

extension MaskingRules {
    /// True where a member's name can say that its value is secret.
    fileprivate var usesNames: Bool { detectors.detectors.contains { $0.shape == .named } }
}

extension FieldTree {
    /// True where what stands at a path is masked for its place, or, `orWithin`, something within it. A segment stands for a
    /// member of that name and for an element alike.
    func isMasked(_ path: [String], orWithin: Bool) -> Bool {
        var at: Set<Int> = [Self.root]
        for segment in path {
            let name = Array(segment.utf8)
            at = Set(
                at.flatMap { node -> [Int] in
                    [name.withUnsafeBytes { self.node(of: $0, in: node) }, element(in: node)]
                })
            at.remove(Self.plain)
            if at.contains(where: isMasked) { return true }
        }
        return orWithin && at.contains { holdsMasked($0) }
    }

    private func isMasked(_ node: Int) -> Bool { nodes[node].action != .detect }

    private func holdsMasked(_ node: Int) -> Bool {
        var seen: Set<Int> = []
        var waiting = [node]
        while let next = waiting.popLast() {
            guard next != Self.plain, seen.insert(next).inserted else { continue }
            if isMasked(next) { return true }
            waiting += nodes[next].members.map(\.node)
            if let any = nodes[next].anyMember { waiting.append(any) }
            if let element = nodes[next].element { waiting.append(element) }
        }
        return false
    }
}
