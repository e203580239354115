/// Names that say their value is secret: `DB_PASSWORD`, `clientSecret`, `x-api-key`. A name that ends otherwise speaks of
/// something else: `secretName`, `tokenFile`, `passwordPolicy`.
public enum TellingName {
    /// How sure a name is.
    public enum Strength: Sendable {
        /// What a person types: any value is one.
        case password
        /// Also said of things that are no secret: the value must look like one.
        case token
    }

    private static let passwords = ["password", "passwd", "passphrase", "pwd", "passcode"].map { Array($0.utf8) }
    private static let tokens = [
        "secret", "secrets", "token", "apikey", "accesskey", "secretkey", "privatekey", "encryptionkey", "signingkey",
        "authkey", "masterkey", "accountkey", "sharedkey", "licensekey", "sshkey", "storagekey", "servicekey", "appkey",
        "credential", "credentials", "authorization", "connectionstring", "apitoken", "dsn",
    ].map { Array($0.utf8) }

    /// What a name says; nil for any other.
    public static func strength(_ name: some BidirectionalCollection<UInt8>) -> Strength? {
        guard name.count <= 256 else { return nil }
        if passwords.contains(where: { ends(name, with: $0) }) { return .password }
        return tokens.contains { ends(name, with: $0) } ? .token : nil
    }

    /// Whether a name's letters and digits end with a word, whatever their case and what stands between them.
    private static func ends(_ name: some BidirectionalCollection<UInt8>, with word: [UInt8]) -> Bool {
        var end = name.endIndex
        var left = word.count
        while left > 0 {
            guard end > name.startIndex else { return false }
            name.formIndex(before: &end)
            let byte = name[end]
            guard byte.isAlphanumeric else { continue }
            left -= 1
            guard (0x41...0x5A).contains(byte) ? byte | 0x20 == word[left] : byte == word[left] else { return false }
        }
        return true
    }

    /// Whether a name can be one of these, by its last two letters: most are not.
    @inline(__always)
    static func mayEnd(_ name: UnsafeRawBufferPointer) -> Bool {
        guard name.count >= 2 else { return false }
        let last = UInt16(name[name.count - 2] | 0x20) << 8 | UInt16(name[name.count - 1] | 0x20)
        switch last {
        case ending("r", "d"), ending("w", "d"), ending("s", "e"), ending("d", "e"), ending("e", "t"), ending("t", "s"),
            ending("e", "n"), ending("e", "y"), ending("a", "l"), ending("l", "s"), ending("o", "n"), ending("n", "g"),
            ending("s", "n"):
            return true
        default: return false
        }
    }

    @inline(__always)
    private static func ending(_ first: Unicode.Scalar, _ last: Unicode.Scalar) -> UInt16 {
        UInt16(truncatingIfNeeded: first.value << 8 | last.value)
    }
}

extension UnsafeRawBufferPointer {
    /// Compares with a word of the same length.
    @inline(__always)
    func isSame(as word: StaticString) -> Bool {
        for index in 0..<count where self[index] != word.utf8Start[index] { return false }
        return true
    }
}
