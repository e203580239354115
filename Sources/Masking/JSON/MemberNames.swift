/// What a member's name says of its value.
struct MemberSense {
    enum Role {
        case other
        /// The `name` of an environment variable.
        case name
        /// The `value` that goes with it.
        case value
        /// `args` or `command`.
        case arguments
    }

    var strength: TellingName.Strength?
    var role = Role.other
}

/// Reads the names of members. Most say nothing, and their last four bytes tell that.
struct MemberNames: Sendable {
    private static let roles = ["name", "value", "args", "command"].map { Array($0.utf8) }
    /// What may stand between the letters of a name, and the last bytes of what is no ASCII, which may stand before a word.
    private static let separators = (UInt8(0x20)...0x7E).filter { !$0.isAlphanumeric }
    private static let continuations = Array(UInt8(0x80)...0xBF)
    /// Slots for endings, of four bytes each.
    private static let slots = 1 << 16

    /// A bit for each slot that has the ending of a name that says something.
    private let endings: [UInt64]

    /// Where `usesNames` is false, no name says anything.
    init(usesNames: Bool) {
        var endings = [UInt64](repeating: 0, count: Self.slots / 64)
        func add(_ ending: [UInt8]) {
            let slot = ending.withUnsafeBytes { Self.slot($0) }
            endings[slot >> 6] |= 1 << UInt64(slot & 63)
        }
        let words = usesNames ? TellingName.words + Self.roles : []
        for word in words {
            let last = Array(word.suffix(3))
            // Of a word of three letters anything stands before it.
            let before =
                word.count > 3 ? Self.separators + Self.continuations + [word[word.count - 4]] : Array(0...UInt8.max)
            for byte in before { add([byte] + last) }
            for separator in Self.separators {
                add([last[0], separator, last[1], last[2]])
                add([last[0], last[1], separator, last[2]])
            }
        }
        self.endings = endings
    }

    /// The slot of a name's last four bytes, or of its three and one before it, whatever the case of their letters.
    @inline(__always)
    private static func slot(_ name: UnsafeRawBufferPointer) -> Int {
        let ending =
            name.count >= 4
            ? name.loadUnaligned(fromByteOffset: name.count &- 4, as: UInt32.self)
            : UInt32(name[0]) << 8 | UInt32(name[1]) << 16 | UInt32(name[2]) << 24
        return Int(truncatingIfNeeded: ((UInt32(littleEndian: ending) | 0x2020_2020) &* 0x9E37_79B1) &>> 16)
    }

    @inline(__always)
    func sense(of name: UnsafeRawBufferPointer) -> MemberSense { mayTell(name) ? told(by: name) : MemberSense() }

    @inline(never)
    private func told(by name: UnsafeRawBufferPointer) -> MemberSense {
        switch name.count {
        case 4 where name.isSame(as: "name"): MemberSense(role: .name)
        case 4 where name.isSame(as: "args"): MemberSense(role: .arguments)
        case 5 where name.isSame(as: "value"): MemberSense(role: .value)
        case 7 where name.isSame(as: "command"): MemberSense(role: .arguments)
        default: MemberSense(strength: TellingName.strength(name))
        }
    }

    /// What a name says that stands as a value, as an environment variable's does.
    @inline(__always)
    func strength(of name: UnsafeRawBufferPointer) -> TellingName.Strength? {
        mayTell(name) ? TellingName.strength(name) : nil
    }

    @inline(__always)
    private func mayTell(_ name: UnsafeRawBufferPointer) -> Bool {
        guard name.count >= TellingName.shortest else { return false }
        let slot = Self.slot(name)
        return endings[slot &>> 6] &>> UInt64(slot & 63) & 1 != 0
    }
}
