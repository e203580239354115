/// Which object the scanner is in: the masks of its values are bound to its name and namespace.
///
/// The API server writes an object's `metadata` before its data, except in custom resources whose fields sort before it; the
/// masks of those are bound to the resource alone.
struct ObjectIdentity {
    enum Part: Hashable, Sendable { case name, namespace }

    private let scope: MaskBinding
    private var name: [UInt8] = []
    private var namespace: [UInt8] = []
    private var known: MaskBinding?

    init(_ scope: MaskBinding) { self.scope = scope }

    mutating func set(_ part: Part, _ text: UnsafeRawBufferPointer) {
        switch part {
        case .name: name = Array(text)
        case .namespace: namespace = Array(text)
        }
        known = nil
    }

    /// Another object begins, or this one is over.
    @inline(__always)
    mutating func reset() {
        guard !name.isEmpty || !namespace.isEmpty else { return }
        (name, namespace, known) = ([], [], nil)
    }

    /// The masks of the values of one of the object's fields.
    mutating func binding(toField field: UInt64) -> MaskBinding {
        let object = known ?? scope.bound(to: namespace).bound(to: name)
        known = object
        return object.bound(toField: field)
    }
}
