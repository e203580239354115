/// An object as the cluster has it now, and as a caller sees it: one tree, read twice.
struct PresentObject {
    /// One value of the object: as it is, and masked. Where the masked one is no longer of the same shape there is none.
    struct Value {
        let object: PresentObject
        let plain: PlacedJSON
        let masked: PlacedJSON

        /// The value's JSON as the cluster has it.
        var spelled: ArraySlice<UInt8> { object.plainBytes[plain.range] }
        /// A caller's view of a string, or of a word.
        var maskedText: [UInt8]? { masked.scalar(in: object.maskedBytes) }
        var plainText: [UInt8]? { plain.scalar(in: object.plainBytes) }

        subscript(name: [UInt8]) -> Value? {
            guard let plain = plain[name], let masked = masked[name] else { return nil }
            return Value(object: object, plain: plain, masked: masked)
        }

        subscript(name: String) -> Value? { self[Array(name.utf8)] }

        var elements: [Value]? {
            guard let plain = plain.elements, let masked = masked.elements, plain.count == masked.count else {
                return nil
            }
            return zip(plain, masked).map { Value(object: object, plain: $0, masked: $1) }
        }
    }

    private let plainBytes: [UInt8]
    private let maskedBytes: [UInt8]
    private let plain: PlacedJSON
    private let masked: PlacedJSON

    /// Reads an object's JSON, and the same JSON behind the masking rules, as a read delivers it; nil where one of them is none.
    init?(plain: [UInt8], masked: [UInt8]) {
        guard let plainTree = PlacedJSON(plain), let maskedTree = PlacedJSON(masked) else { return nil }
        (plainBytes, maskedBytes) = (plain, masked)
        (self.plain, self.masked) = (plainTree, maskedTree)
    }

    var root: Value { Value(object: self, plain: plain, masked: masked) }

    /// JSON inside one of the object's strings, as an object of its own; nil where the string holds none.
    static func nested(in value: Value) -> PresentObject? {
        guard let plain = value.plainText, let masked = value.maskedText else { return nil }
        return PresentObject(plain: plain, masked: masked)
    }
}
