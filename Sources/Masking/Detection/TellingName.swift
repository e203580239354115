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

    private static let passwords = ["password", "passwd", "passphrase", "pwd", "passcode"]
    private static let tokens = [
        "secret", "secrets", "token", "apikey", "accesskey", "secretkey", "privatekey", "encryptionkey", "signingkey",
        "authkey", "masterkey", "accountkey", "sharedkey", "licensekey", "sshkey", "storagekey", "servicekey", "appkey",
        "credential", "credentials", "authorization", "connectionstring", "apitoken", "dsn",
    ]

    /// Letters of the shortest word.
    static let shortest = 3
    /// All of them, in small letters.
    static let words = (passwords + tokens).map { Array($0.utf8) }

    private struct Word {
        let letters: [UInt8]
        let strength: Strength
    }

    /// The words by their last two letters: a name is compared with the few that it can end with.
    private static let wordsByEnding: [[Word]] = {
        var words = [[Word]](repeating: [], count: 26 * 26)
        for (list, strength) in [(passwords, Strength.password), (tokens, .token)] {
            for word in list {
                let letters = Array(word.utf8)
                guard let group = group(letters[letters.count - 2], letters[letters.count - 1]) else { continue }
                words[group].append(Word(letters: letters, strength: strength))
            }
        }
        return words
    }()

    /// The place of two letters in `wordsByEnding`; nil where one is none.
    private static func group(_ first: UInt8, _ last: UInt8) -> Int? {
        let (first, last) = (Int(first | 0x20) - 0x61, Int(last | 0x20) - 0x61)
        return (0..<26).contains(first) && (0..<26).contains(last) ? first * 26 + last : nil
    }

    /// What a name says; nil for any other. Its letters and digits count, whatever their case and what stands between them.
    public static func strength(_ name: some BidirectionalCollection<UInt8>) -> Strength? {
        guard name.count <= 256, let last = name.lastIndex(where: \.isAlphanumeric),
            let beforeLast = name[..<last].lastIndex(where: \.isAlphanumeric),
            let group = group(name[beforeLast], name[last])
        else { return nil }
        let count = name.distance(from: name.startIndex, to: last) + 1
        return wordsByEnding[group].first { $0.letters.count <= count && ends(name[...last], with: $0.letters) }?
            .strength
    }

    /// Whether a name's letters and digits end with a word.
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
}

extension UnsafeRawBufferPointer {
    /// Compares with a word of the same length.
    @inline(__always)
    func isSame(as word: StaticString) -> Bool {
        for index in 0..<count where self[index] != word.utf8Start[index] { return false }
        return true
    }
}
