import LocalState
import YAMLReading

/// A value and where it stands, so that what turns out to be wrong with it later can be told by line and column.
struct Located<Value: Sendable>: Sendable {
    let value: Value
    let file: String
    let place: YAMLPlace

    func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Located<Other> {
        Located<Other>(value: try transform(value), file: file, place: place)
    }
}

/// Reads a file strictly and gathers everything that is wrong with it.
final class ConfigurationReader {
    let file: String
    private(set) var faults: [ConfigurationFault] = []

    init(file: String) { self.file = file }

    func fault(_ reason: ConfigurationFault.Reason, at place: YAMLPlace?) {
        faults.append(ConfigurationFault(reason, file: file, place: place))
    }

    func take(_ more: [ConfigurationFault]) { faults += more }

    /// The file's one document as a section; nil where it cannot be read, which is a fault then.
    func root() -> ConfigurationSection? {
        let bytes: [UInt8]
        do throws(FileFault) { bytes = try PrivateFile.readShared(file) } catch {
            fault(.unreadable(cause: "\(error)"), at: nil)
            return nil
        }
        do throws(YAMLFault) {
            guard let node = try YAMLNode.read(bytes), !node.isNull else {
                fault(.empty, at: nil)
                return nil
            }
            return section(node, named: "the file")
        } catch {
            fault(.notYAML(error.reason), at: error.place)
            return nil
        }
    }

    func section(_ node: YAMLNode, named name: String) -> ConfigurationSection? {
        guard let entries = node.entries else {
            fault(.expected("a mapping", forKey: name), at: node.place)
            return nil
        }
        return ConfigurationSection(reader: self, place: node.place, entries: entries)
    }

    /// A path as seen from the file's folder.
    func resolve(_ path: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return String(file[...slash]) + path
    }
}

/// One mapping of a configuration. Each key is asked for once; what was never asked for is unknown.
final class ConfigurationSection {
    let reader: ConfigurationReader
    let place: YAMLPlace
    private let entries: [YAMLNode.Entry]
    private var known: [String] = []

    init(reader: ConfigurationReader, place: YAMLPlace, entries: [YAMLNode.Entry]) {
        self.reader = reader
        self.place = place
        self.entries = entries
    }

    /// Reports the keys that nobody asked for.
    func finish() {
        for entry in entries where !known.contains(entry.key) {
            reader.fault(.unknownKey(entry.key, known: known), at: entry.keyPlace)
        }
    }

    /// The value of a key; nil where it is absent or null.
    func node(_ key: String) -> YAMLNode? {
        known.append(key)
        guard let value = entries.first(where: { $0.key == key })?.value, !value.isNull else { return nil }
        return value
    }

    func required<Value>(_ key: String, _ value: Value?) -> Value? {
        if value == nil, !entries.contains(where: { $0.key == key && !$0.value.isNull }) {
            reader.fault(.missing(key), at: place)
        }
        return value
    }

    /// Reads a scalar; `parse` gives nil for what is not `expected`.
    func scalar<Value: Sendable>(_ key: String, expected: String, _ parse: (String) -> Value?) -> Located<Value>? {
        guard let node = node(key) else { return nil }
        guard let value = node.text.flatMap(parse) else {
            reader.fault(.expected(expected, forKey: key), at: node.place)
            return nil
        }
        return Located(value: value, file: reader.file, place: node.place)
    }

    func text(_ key: String) -> Located<String>? { scalar(key, expected: "text") { $0.isEmpty ? nil : $0 } }

    /// A path, seen from the configuration's folder.
    func path(_ key: String) -> Located<String>? { text(key)?.map(reader.resolve) }

    func duration(_ key: String) -> Duration? {
        scalar(key, expected: "a time such as 500ms, 10s, 5m or 24h", Quantity.duration)?.value
    }

    /// A number of bytes.
    func size(_ key: String) -> Int? {
        scalar(key, expected: "a size such as 64KiB, 1MiB or 2GiB", Quantity.bytes)?.value
    }

    func count(_ key: String) -> Int? {
        scalar(key, expected: "a whole number from 1") { Int($0).flatMap { $0 >= 1 ? $0 : nil } }?.value
    }

    func flag(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        if let value = node.bool { return value }
        reader.fault(.expected("true or false", forKey: key), at: node.place)
        return nil
    }

    func choice<Choice: RawRepresentable & CaseIterable & Sendable>(_ key: String, _ type: Choice.Type = Choice.self)
        -> Choice?
    where Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue)
        return scalar(key, expected: "one of \(words.joined(separator: ", "))") { Choice(rawValue: $0) }?.value
    }

    func texts(_ key: String) -> [Located<String>]? {
        guard let node = node(key) else { return nil }
        guard let elements = node.elements else {
            reader.fault(.expected("a list", forKey: key), at: node.place)
            return nil
        }
        return elements.compactMap { element in
            guard let text = element.text else {
                reader.fault(.expected("a list of texts", forKey: key), at: element.place)
                return nil
            }
            return Located(value: text, file: reader.file, place: element.place)
        }
    }

    func section(_ key: String) -> ConfigurationSection? { node(key).flatMap { reader.section($0, named: key) } }

    func sections(_ key: String) -> [ConfigurationSection]? {
        guard let node = node(key) else { return nil }
        guard let elements = node.elements else {
            reader.fault(.expected("a list", forKey: key), at: node.place)
            return nil
        }
        return elements.compactMap { reader.section($0, named: "each of \(key)") }
    }

    /// A mapping whose keys are the person's own.
    func map(_ key: String) -> [YAMLNode.Entry]? {
        guard let node = node(key) else { return nil }
        if let entries = node.entries { return entries }
        reader.fault(.expected("a mapping", forKey: key), at: node.place)
        return nil
    }
}

/// Times and sizes as people write them.
enum Quantity {
    static func duration(_ text: String) -> Duration? {
        let units: [(String, Int64)] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        return measure(text, units).map { .milliseconds($0) }
    }

    static func bytes(_ text: String) -> Int? {
        let units: [(String, Int64)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)]
        return measure(text, units).map(Int.init)
    }

    private static func measure(_ text: String, _ units: [(String, Int64)]) -> Int64? {
        for (unit, factor) in units where text.hasSuffix(unit) {
            guard let number = Int64(text.dropLast(unit.count)), number >= 0 else { continue }
            let (result, overflow) = number.multipliedReportingOverflow(by: factor)
            return overflow ? nil : result
        }
        return nil
    }
}

extension Duration {
    /// The whole of it in nanoseconds; negative ones are nothing.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000)
    }

    var milliseconds: Int { Int(nanoseconds / 1_000_000) }

    var seconds: Int64 { components.seconds }
}
