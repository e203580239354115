/// What a member's name says of its value.
struct MemberSense {
    enum Role {
        case other
        /// The `name` or `key` of an environment variable or another pair.
        case name
        /// The `value` that goes with it.
        case value
        /// `args` or `command`.
        case arguments
    }

    var strength: TellingNames.Strength?
    var role = Role.other
}

/// Reads the names of members. Most say nothing, and their last bytes tell that.
struct MemberNames: Sendable {
    /// Names that say what their value is, besides those that tell.
    static let roles = ["name", "value", "key", "args", "command"].map { Array($0.utf8) }

    private let names: TellingNames?
    private let filter: NameFilter

    /// - Parameter names: those that tell; without them no name says anything.
    init(_ names: TellingNames?) {
        self.names = names
        filter = names?.filter ?? NameFilter.none
    }

    @inline(__always)
    func sense(of name: UnsafeRawBufferPointer) -> MemberSense { filter.mayTell(name) ? told(by: name) : MemberSense() }

    @inline(never)
    private func told(by name: UnsafeRawBufferPointer) -> MemberSense {
        switch name.count {
        case 3 where name.isSame(as: "key") || name.isSame(as: "Key"): MemberSense(role: .name)
        case 4 where name.isSame(as: "name") || name.isSame(as: "Name"): MemberSense(role: .name)
        case 4 where name.isSame(as: "args"): MemberSense(role: .arguments)
        case 5 where name.isSame(as: "value") || name.isSame(as: "Value"): MemberSense(role: .value)
        case 7 where name.isSame(as: "command"): MemberSense(role: .arguments)
        default: MemberSense(strength: names?.strength(name))
        }
    }

    /// What a name says that stands as a value, as an environment variable's does.
    @inline(__always)
    func strength(of name: UnsafeRawBufferPointer) -> TellingNames.Strength? {
        filter.mayTell(name) ? names?.strength(name) : nil
    }
}
