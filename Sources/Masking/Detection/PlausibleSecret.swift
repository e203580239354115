/// Whether a value beside a telling name can be the secret itself, rather than a word about it.
enum PlausibleSecret {
    private static let longest = 16 << 10
    private static let words: Set<String> = [
        "true", "false", "null", "none", "nil", "yes", "no", "on", "off", "undefined", "redacted", "hidden", "masked",
        "enabled", "disabled", "required", "optional", "missing", "invalid", "expired", "string", "changed", "unset",
        // What says yes or no in YAML 1.1 and in images' variables, as MYSQL_ALLOW_EMPTY_PASSWORD.
        "0", "1", "y", "n", "t", "f",
    ]

    /// Judges a value, without its quotes, by the strength of the name that it stands beside.
    static func isSecret(_ value: Slice<UnsafeRawBufferPointer>, beside strength: TellingName.Strength) -> Bool {
        guard !value.isEmpty, value.count <= longest, !isReference(value), !isWord(value) else { return false }
        switch strength {
        case .password: return !value.contains(where: \.isSpace)
        case .token: return looksRandom(value)
        }
    }

    /// True of an environment variable's or an argument's value whose name says that it is secret.
    static func isAssigned(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        !value.isEmpty && value.count <= longest && !isReference(value) && !isWord(value)
    }

    /// High entropy, or the form of a bootstrap token; not a name in lower case with hyphens.
    static func looksRandom(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard value.count >= 8, value.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return false }
        if isBootstrapToken(value) { return true }
        let parts = value.split { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
        let isName = value.allSatisfy { $0.isDigit || (0x61...0x7A).contains($0) || "-.:/".utf8.contains($0) }
        if isName, parts.count > 1 { return parts.contains { $0.count >= 20 && Entropy.isHigh($0) } }
        return Entropy.isHigh(value)
    }

    /// `abcdef.0123456789abcdef`.
    private static func isBootstrapToken(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard value.count == 23, value[value.startIndex + 6] == UInt8(ascii: ".") else { return false }
        let letters = value.filter { $0.isDigit || (0x61...0x7A).contains($0) }
        return letters.count == 22 && letters.contains(where: \.isDigit)
    }

    /// A path, a reference to another place, a placeholder, or a mask: none of them is the secret.
    static func isReference(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard let first = value.first else { return true }
        switch first {
        case UInt8(ascii: "/"), UInt8(ascii: "<"), UInt8(ascii: "*"), UInt8(ascii: "{"), UInt8(ascii: "["),
            UInt8(ascii: "("):
            return true
        case UInt8(ascii: "$"):
            return value.dropFirst().first.map { "({".utf8.contains($0) || $0.isLetter } ?? false
        case UInt8(ascii: "."), UInt8(ascii: "~"): return value.dropFirst().first == UInt8(ascii: "/")
        default: return value.starts(with: Mask.prefix.utf8) || value.starts(with: Mask.base64Prefix.utf8)
        }
    }

    private static func isWord(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        value.count <= 9 && words.contains(String(decoding: value, as: UTF8.self).lowercased())
    }
}
