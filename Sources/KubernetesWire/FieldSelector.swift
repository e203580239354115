/// A list's `fieldSelector`, read as apimachinery's `fields.ParseSelector` reads it: terms at commas, `\,` `\=` `\\` as escapes in a
/// value, the terms in the order of their bytes.
struct FieldSelector {
    private enum Operator {
        case equal, unequal
    }

    private static let comma = UInt8(ascii: ",")
    private static let equals = UInt8(ascii: "=")
    private static let backslash = UInt8(ascii: "\\")

    /// What fields must be, in the order in which the API server looks at them.
    private(set) var equal: [(field: [UInt8], value: [UInt8])] = []

    /// Returns nil for what the API server refuses.
    init?(_ text: String) {
        for term in Self.terms(Array(text.utf8)).sorted(by: { $0.lexicographicallyPrecedes($1) }) where !term.isEmpty {
            guard let (field, operation, spelled) = Self.parts(of: term), let value = Self.unescaped(spelled) else {
                return nil
            }
            if operation == .equal { equal.append((Array(field), value)) }
        }
    }

    /// The name that `metadata.name=NAME` asks for, alone or among other terms. One that no path can hold is none, as the API
    /// server has it. Two names at once are none either: the API server takes the first in order and answers with nothing.
    var name: String? {
        let values = equal.filter { $0.field.elementsEqual("metadata.name".utf8) }.map(\.value)
        guard let value = values.first, values.allSatisfy({ $0 == value }),
            let name = String(validating: value, as: UTF8.self), name != ".", name != "..",
            !value.contains(UInt8(ascii: "/")), !value.contains(UInt8(ascii: "%"))
        else { return nil }
        return name
    }

    private static func terms(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var terms: [ArraySlice<UInt8>] = []
        var start = 0
        var isEscaped = false
        for (index, byte) in text.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
            } else if byte == comma {
                terms.append(text[start..<index])
                start = index + 1
            }
        }
        return terms + [text[start...]]
    }

    /// The first operator splits a term.
    private static func parts(
        of term: ArraySlice<UInt8>
    ) -> (field: ArraySlice<UInt8>, Operator, value: ArraySlice<UInt8>)? {
        for index in term.indices {
            let rest = term[index...]
            if rest.starts(with: "!=".utf8) { return (term[..<index], .unequal, rest.dropFirst(2)) }
            if rest.starts(with: "==".utf8) { return (term[..<index], .equal, rest.dropFirst(2)) }
            if rest.first == equals { return (term[..<index], .equal, rest.dropFirst()) }
        }
        return nil
    }

    private static func unescaped(_ spelled: ArraySlice<UInt8>) -> [UInt8]? {
        var value: [UInt8] = []
        var isEscaped = false
        for byte in spelled {
            if isEscaped {
                guard byte == backslash || byte == comma || byte == equals else { return nil }
                value.append(byte)
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
            } else if byte == comma || byte == equals {
                return nil
            } else {
                value.append(byte)
            }
        }
        return isEscaped ? nil : value
    }
}
