import Vocabulary

/// Whether a value beside a telling name can be the secret itself, rather than a word about it.
enum PlausibleSecret {
    private static let longest = 16 << 10
    private static let words: Set<String> = [
        "true", "false", "null", "none", "nil", "yes", "no", "on", "off", "undefined", "redacted", "hidden", "masked",
        "enabled", "disabled", "required", "optional", "missing", "invalid", "expired", "string", "changed", "unset",
        "never", "always", "auto", "empty", "prompt", "generated", "forbidden",
        // What says yes or no in YAML 1.1 and in images' variables, as MYSQL_ALLOW_EMPTY_PASSWORD.
        "0", "1", "y", "n", "t", "f",
    ]

    /// Judges a value, without its quotes, by the strength of the name that it stands beside. `isDelimited` is true where
    /// something ends the value, so that blanks may be in it: quotes, or a whole string.
    static func isSecret(
        _ value: Slice<UnsafeRawBufferPointer>, beside strength: TellingNames.Strength, isDelimited: Bool
    ) -> Bool {
        guard !value.isEmpty, value.count <= longest, !isReference(value), !isWord(value) else { return false }
        switch strength {
        case .password: return isTyped(value, isDelimited)
        case .pass: return isTyped(value, isDelimited) && !value.allSatisfy { $0.isDigit || "./%".utf8.contains($0) }
        case .token, .policy: return looksRandom(value)
        case .basic: return isUserAndPassword(value)
        }
    }

    private static func isTyped(_ value: Slice<UnsafeRawBufferPointer>, _ isDelimited: Bool) -> Bool {
        guard value.contains(where: \.isSpace) else { return true }
        return isDelimited && !Prose.isSentence(value)
    }

    /// Base64 of `user:password`.
    private static func isUserAndPassword(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard value.count >= 8, value.allSatisfy({ ByteClass.base64.contains($0) }),
            let plain = Base64.decode(UnsafeRawBufferPointer(rebasing: value)),
            let colon = plain.firstIndex(of: UInt8(ascii: ":")), colon > 0, colon + 1 < plain.count
        else { return false }
        return plain.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
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

    /// A path, a reference to another place, a placeholder, a mask, or what is encrypted already: none is the secret.
    static func isReference(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard let first = value.first else { return true }
        switch first {
        case UInt8(ascii: "/"): return !value.split(separator: first).contains { $0.count >= 20 && Entropy.isHigh($0) }
        case UInt8(ascii: "<"): return value.contains(UInt8(ascii: ">"))
        case UInt8(ascii: "("), UInt8(ascii: "["): return true
        case UInt8(ascii: "*"): return value.allSatisfy { $0 == first } || value.dropFirst().allSatisfy(\.isNameByte)
        // Spring Security's mark of a password in clear.
        case UInt8(ascii: "{"): return !value.starts(with: "{noop}".utf8)
        case UInt8(ascii: "$"):
            return value.dropFirst().first.map { "({".utf8.contains($0) || $0.isLetter } ?? false
        case UInt8(ascii: "%"): return value.dropFirst().first.map { "({".utf8.contains($0) } ?? false
        case UInt8(ascii: "."), UInt8(ascii: "~"): return value.dropFirst().first == UInt8(ascii: "/")
        default:
            return value.starts(with: Mask.prefix.utf8) || value.starts(with: Mask.base64Prefix.utf8)
                || isEncrypted(value) || places.contains { value.starts(with: $0.utf8) }
        }
    }

    /// How references to a secret's store begin.
    private static let places = [
        "vault:", "ref+", "op://", "arn:aws:", "file:/", "@Microsoft.KeyVault(", "projects/", "secretref:", "!vault",
        // Code that reads it elsewhere.
        "os.environ", "os.getenv", "process.env", "ENV[", "env(", "getenv(", "System.getenv",
    ]

    /// What SOPS encrypted, and what a SealedSecret holds: the length of an RSA block of 4,096 bits, the block, and more.
    private static func isEncrypted(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        if value.starts(with: "ENC[AES256_GCM,data:".utf8) { return value.last == UInt8(ascii: "]") }
        guard value.count >= sealedLength, value.starts(with: "Ag".utf8) else { return false }
        return value.allSatisfy { ByteClass.base64.contains($0) }
    }

    /// Base64 of two bytes of length, 512 of the session's key, and 16 of a tag.
    private static let sealedLength = 706

    private static func isWord(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        value.count <= 9 && words.contains(String(decoding: value, as: UTF8.self).lowercased())
    }
}
