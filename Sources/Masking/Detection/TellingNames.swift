/// Names that say their value is secret: `DB_PASSWORD_PROD`, `smtpPass2`, `x-api-key`. A name is read as words, from its end: a
/// telling word, and behind it nothing but counters, environments and the like. A name that ends otherwise speaks of something
/// else: `secretName`, `tokenFile`, `passwordPolicy`.
public final class TellingNames: Sendable {
    /// How sure a name is.
    public enum Strength: Sendable {
        /// What a person types: any value is one.
        case password
        /// Also said of things that are no secret: the value must look like one.
        case token
        /// Says what is done with a secret, as `CHANGE_PASSWORD`: even an assigned value must look like one.
        case policy
        /// `pass` alone, which tests count too.
        case pass
        /// `auth`, as registries and npm have it: base64 of a user's name and password.
        case basic

        /// True where an environment variable of such a name is secret whatever its value.
        var isAssigned: Bool { self == .password || self == .token || self == .pass }
    }

    private enum Kind {
        case short(Strength)
        case tail
        case verb
        case proxy
    }

    private struct Word {
        let letters: [UInt8]
        let strength: Strength
    }

    /// The names that come with the gateway.
    public static let builtIn = TellingNames()

    /// Letters of the shortest word.
    static let shortest = 2
    private static let longest = 256
    /// Words behind the telling one.
    private static let mostTails = 4

    /// The operator's own words, in small letters and digits.
    let own: [[UInt8]]
    /// The words that end a name however it is spelled, by their last two letters.
    private let endings: [[Word]]
    private let kinds: [UInt64: Kind]
    /// Tells members' names that may tell, in the fewest steps.
    let filter: NameFilter

    /// - Parameter own: an operator's words, each of three letters or more: a name that ends with one is as sure as `password`.
    public init(own: [String] = []) {
        self.own = own.map { $0.lowercased().utf8.filter(\.isAlphanumeric) }.filter { $0.count >= 3 }
        var words: [Word] = []
        for word in self.own { words.append(Word(letters: word, strength: .password)) }
        for word in TellingWords.passwords { words.append(Word(letters: Array(word.utf8), strength: .password)) }
        for word in TellingWords.tokens { words.append(Word(letters: Array(word.utf8), strength: .token)) }
        var endings = [[Word]](repeating: [], count: 36 * 36)
        for word in words {
            guard let group = Self.group(word.letters[word.letters.count - 2], word.letters[word.letters.count - 1])
            else {
                continue
            }
            endings[group].append(word)
        }
        self.endings = endings
        var kinds: [UInt64: Kind] = [:]
        for word in TellingWords.verbs { kinds[Self.hash(word.utf8)] = .verb }
        for word in TellingWords.proxies { kinds[Self.hash(word.utf8)] = .proxy }
        for word in TellingWords.tails { kinds[Self.hash(word.utf8)] = .tail }
        for word in TellingWords.shortPasswords { kinds[Self.hash(word.utf8)] = .short(.password) }
        for word in TellingWords.shortTokens { kinds[Self.hash(word.utf8)] = .short(.token) }
        kinds[Self.hash("auth".utf8)] = .short(.basic)
        // A version's letter, behind which there are digits.
        kinds[Self.hash("v".utf8)] = .tail
        self.kinds = kinds
        let short = TellingWords.shortPasswords + TellingWords.shortTokens + TellingWords.tails + ["auth"]
        filter = NameFilter(words.map(\.letters) + short.map { Array($0.utf8) } + MemberNames.roles)
    }

    /// The place of two letters or digits in `endings`; nil where one is none.
    private static func group(_ first: UInt8, _ last: UInt8) -> Int? {
        func place(_ byte: UInt8) -> Int? {
            if byte.isDigit { return Int(byte) - 0x30 + 26 }
            return byte.isLetter ? Int(byte | 0x20) - 0x61 : nil
        }
        guard let first = place(first), let last = place(last) else { return nil }
        return first * 36 + last
    }

    /// FNV-1a of a word in small letters.
    private static func hash(_ word: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in word { hash = (hash ^ UInt64(byte.isLetter ? byte | 0x20 : byte)) &* 0x100_0000_01B3 }
        return hash
    }

    /// What a name says; nil for any other.
    public func strength(_ name: UnsafeRawBufferPointer) -> Strength? {
        guard name.count <= Self.longest else { return nil }
        var end = name.count
        for _ in 0...Self.mostTails {
            while end > 0, !name[end &- 1].isAlphanumeric { end &-= 1 }
            guard end > 0 else { return nil }
            if let word = ending(of: name, end) {
                return judged(word.strength, name, before: before(name, end, word.letters.count))
            }
            let start = Self.wordStart(name, end)
            if name[end &- 1].isDigit {
                end = start
                continue
            }
            switch kinds[Self.hash(UnsafeRawBufferPointer(rebasing: name[start..<end]))] {
            case .short(let strength): return short(strength, name, start, end)
            case .tail: end = start
            default: return nil
            }
        }
        return nil
    }

    private func short(_ strength: Strength, _ name: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Strength? {
        let isAlone = !name[..<start].contains(where: \.isLetter)
        if end - start == 4, name[start] | 0x20 == UInt8(ascii: "p") {
            if isAlone { return .pass }
            if name[..<start].reversed().first(where: \.isAlphanumeric) != nil {
                var before = start
                while before > 0, !name[before - 1].isAlphanumeric { before -= 1 }
                let first = Self.wordStart(name, before)
                if case .proxy = kinds[Self.hash(UnsafeRawBufferPointer(rebasing: name[first..<before]))] { return nil }
            }
        }
        // A salt, a cookie or a pat alone is anything.
        if strength == .token, isAlone, end - start < 4 { return nil }
        return judged(strength, name, before: start)
    }

    /// The first of the words that a name's letters and digits end with, whatever their case and what stands between them.
    private func ending(of name: UnsafeRawBufferPointer, _ end: Int) -> Word? {
        var beforeLast = end &- 2
        while beforeLast >= 0, !name[beforeLast].isAlphanumeric { beforeLast &-= 1 }
        guard beforeLast >= 0, let group = Self.group(name[beforeLast], name[end &- 1]) else { return nil }
        return endings[group].first { $0.letters.count <= end && Self.ends(name, end, with: $0.letters) }
    }

    private static func ends(_ name: UnsafeRawBufferPointer, _ end: Int, with word: [UInt8]) -> Bool {
        var end = end
        var left = word.count
        while left > 0 {
            guard end > 0 else { return false }
            end &-= 1
            let byte = name[end]
            guard byte.isAlphanumeric else { continue }
            left &-= 1
            guard (byte.isLetter ? byte | 0x20 : byte) == word[left] else { return false }
        }
        return true
    }

    /// Where so many letters and digits begin that end a name.
    private func before(_ name: UnsafeRawBufferPointer, _ end: Int, _ count: Int) -> Int {
        var (place, left) = (end, count)
        while place > 0, left > 0 {
            place &-= 1
            if name[place].isAlphanumeric { left &-= 1 }
        }
        return place
    }

    /// Weakens what a name says that has a verb before its telling word.
    private func judged(_ strength: Strength, _ name: UnsafeRawBufferPointer, before place: Int) -> Strength {
        guard strength != .basic else { return strength }
        var end = place
        while true {
            while end > 0, !name[end &- 1].isAlphanumeric { end &-= 1 }
            guard end > 0 else { return strength }
            let start = Self.wordStart(name, end)
            if case .verb = kinds[Self.hash(UnsafeRawBufferPointer(rebasing: name[start..<end]))] { return .policy }
            end = start
        }
    }

    /// Where the word begins that ends at a place: digits, small letters with a capital before them, or capitals.
    private static func wordStart(_ name: UnsafeRawBufferPointer, _ end: Int) -> Int {
        var start = end &- 1
        if name[start].isDigit {
            while start > 0, name[start &- 1].isDigit { start &-= 1 }
            return start
        }
        if name[start] & 0x20 == 0 {
            while start > 0, name[start &- 1].isLetter, name[start &- 1] & 0x20 == 0 { start &-= 1 }
            return start
        }
        while start > 0, name[start &- 1].isLetter, name[start &- 1] & 0x20 != 0 { start &-= 1 }
        if start > 0, name[start &- 1].isLetter { start &-= 1 }
        return start
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
