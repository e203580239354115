public import YAMLReading

/// One thing that is wrong with a configuration, and where.
public struct ConfigurationFault: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        case notYAML(YAMLFault.Reason)
        case empty
        case unreadable(cause: String)
        /// A key that is not one of these.
        case unknownKey(String, known: [String])
        case missing(String)
        /// The key's value is not of the kind that it must be.
        case expected(String, forKey: String)
        /// A name that stands twice where each must be distinct.
        case duplicate(String, kind: String)
        /// A name that nothing in the file bears.
        case unknownName(String, kind: String, known: [String])
        /// A file that the configuration names and that cannot be used.
        case badFile(path: String, cause: String)
        /// Two parts that cannot go together, or a part that another needs; a sentence.
        case inconsistent(String)
    }

    public let reason: Reason
    public let file: String
    public let place: YAMLPlace?

    init(_ reason: Reason, file: String, place: YAMLPlace?) {
        self.reason = reason
        self.file = file
        self.place = place
    }
}

/// All that is wrong with a configuration, in the order of the file.
public struct ConfigurationFaults: Error, Sendable {
    public let faults: [ConfigurationFault]
}

extension ConfigurationFault: CustomStringConvertible {
    /// "FILE:LINE:COLUMN: what is wrong".
    public var description: String {
        let where_ = place.map { "\(file):\($0)" } ?? file
        return "\(where_): \(sentence)"
    }

    private var sentence: String {
        switch reason {
        case .notYAML(let reason): YAMLFault(reason, at: YAMLPlace(line: 0, column: 0)).cause
        case .empty: "the file is empty; byline-gateway check --example prints a complete one"
        case .unreadable(let cause): "it cannot be read: \(cause)"
        case .unknownKey(let key, let known):
            "unknown key \"\(key)\"\(Self.suggestion(for: key, among: known).map { ", did you mean \"\($0)\"?" } ?? "; known here: \(known.joined(separator: ", "))")"
        case .missing(let key): "\"\(key)\" is missing"
        case .expected(let what, let key): "\"\(key)\" must be \(what)"
        case .duplicate(let name, let kind): "a second \(kind) is named \"\(name)\""
        case .unknownName(let name, let kind, let known):
            "no \(kind) is named \"\(name)\"\(known.isEmpty ? "" : "; there are: \(known.joined(separator: ", "))")"
        case .badFile(let path, let cause): "\(path) cannot be used: \(cause)"
        case .inconsistent(let sentence): sentence
        }
    }

    /// The known key that is nearest, where one is near.
    private static func suggestion(for key: String, among known: [String]) -> String? {
        let near = known.map { (key: $0, distance: EditDistance.between(key.lowercased(), $0.lowercased())) }
        guard let best = near.min(by: { $0.distance < $1.distance }), best.distance <= max(1, key.count / 3) else {
            return nil
        }
        return best.key
    }
}

/// How many letters must change to make one word of another (Levenshtein).
enum EditDistance {
    static func between(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first.utf8), Array(second.utf8))
        var row = Array(0...second.count)
        for (index, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in second.indices {
                let changed = diagonal + (letter == second[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, min(row[column], diagonal) + 1)
            }
        }
        return row[second.count]
    }
}
