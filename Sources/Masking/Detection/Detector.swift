/// Recognises one kind of secret in a text, by a literal part of it.
public struct Detector: Sendable {
    /// What stands at an anchor.
    enum Shape: Hashable, Sendable {
        /// The anchor and then so many bytes of a class; neither before nor behind it may one more stand.
        case token(ByteClass, ClosedRange<Int>)
        /// A JWS or JWE in compact form.
        case jwt
        /// A PEM block, from `-----BEGIN` to the end of its `-----END` line.
        case privateKey
        /// The same in base64.
        case encodedPrivateKey
        /// The password of `scheme://user:password@host`.
        case urlPassword
        /// A telling name, a separator, and a value behind them.
        case named
        /// The value of a field `NAME=` in a connection string, so many bytes of a class.
        case field(ByteClass, ClosedRange<Int>)
    }

    /// Its name in the configuration, in `check --mask` and in the record's counts.
    public let name: String
    let anchors: [String]
    let foldsCase: Bool
    let shape: Shape
    /// The names beside which a named value stands.
    let names: TellingNames

    init(
        _ name: String, _ anchors: [String], _ shape: Shape, foldsCase: Bool = false,
        names: TellingNames = TellingNames.builtIn
    ) {
        self.names = names
        self.name = name
        self.anchors = anchors
        self.shape = shape
        self.foldsCase = foldsCase
    }

    /// Values beside telling names.
    init(_ names: TellingNames) {
        let own = names.own.map { String(decoding: $0, as: UTF8.self) }
        self.init("named-value", NamedValue.anchors + own, .named, foldsCase: true, names: names)
    }

    /// An operator's own: a prefix of three bytes or more and then so many bytes of a class.
    public init(name: String, prefix: String, characters: ByteClass, length: ClosedRange<Int>) {
        self.init(name, [prefix], .token(characters, length))
    }

    /// True where a person types what it recognises by hand, as a command that holds a name and a value: on a terminal such a
    /// beginning is not waited for, or each key would show late. A token with a prefix of its own is pasted, if anything.
    var isTyped: Bool {
        switch shape {
        case .named, .urlPassword, .field: true
        case .token, .jwt, .privateKey, .encodedPrivateKey: anchors.contains { $0.utf8.count < 4 }
        }
    }

    /// The secret at an anchor; nil where there is none.
    ///
    /// - Parameters:
    ///   - bytes: the whole text, as far as it is known.
    ///   - place: where the anchor begins.
    /// - Returns: the bytes to mask, none of them before `place` except of the value that a name is before.
    func secret(in bytes: UnsafeRawBufferPointer, at place: Int) -> Finding? {
        if shape == .named {
            return NamedValue.find(bytes, place, names).map {
                Finding($0.range, name, isOpen: $0.isOpen, context: $0.context)
            }
        }
        return range(in: bytes, at: place).map { Finding($0, name) }
    }

    private func range(in bytes: UnsafeRawBufferPointer, at place: Int) -> Range<Int>? {
        switch shape {
        case .token(let characters, let lengths): token(bytes, place, characters, lengths)
        case .field(let characters, let lengths): field(bytes, place, characters, lengths)
        case .jwt: TokenForms.jwt(bytes, place)
        case .privateKey: PEM.privateKey(bytes, place)
        case .encodedPrivateKey: PEM.encodedPrivateKey(bytes, place)
        case .urlPassword: TokenForms.urlPassword(bytes, place)
        case .named: nil
        }
    }

    private func anchorLength(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Int {
        for anchor in anchors where bytes[place...].starts(with: anchor.utf8) { return anchor.utf8.count }
        return anchors.first?.utf8.count ?? 0
    }

    private func token(
        _ bytes: UnsafeRawBufferPointer, _ place: Int, _ characters: ByteClass, _ lengths: ClosedRange<Int>
    ) -> Range<Int>? {
        if place > 0, bytes[place - 1].isAlphanumeric { return nil }
        let start = place + anchorLength(bytes, place)
        let length = characters.run(in: bytes, from: start)
        guard lengths.contains(length) else { return nil }
        let end = start + length
        if end < bytes.count, bytes[end].isAlphanumeric { return nil }
        return place..<end
    }

    private func field(
        _ bytes: UnsafeRawBufferPointer, _ place: Int, _ characters: ByteClass, _ lengths: ClosedRange<Int>
    ) -> Range<Int>? {
        let start = place + anchorLength(bytes, place)
        let length = characters.run(in: bytes, from: start)
        return lengths.contains(length) ? start..<start + length : nil
    }
}
