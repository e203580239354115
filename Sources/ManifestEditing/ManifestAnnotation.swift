/// One annotation that is to stand on every object: its key and its value.
public struct ManifestAnnotation: Hashable, Sendable {
    public let key: String
    public let value: String

    /// - Parameters:
    ///   - key: a qualified name as Kubernetes defines it: an optional DNS prefix and `/`, then at most 63 characters
    ///     out of letters, digits, `-`, `_` and `.`.
    ///   - value: any text.
    /// - Throws: what is wrong with the key.
    public init(key: String, value: String) throws(ManifestAnnotationFault) {
        guard Self.isQualifiedName(Array(key.utf8)) else { throw .keyIsNoQualifiedName(key) }
        self.key = key
        self.value = value
    }

    private static func isQualifiedName(_ key: [UInt8]) -> Bool {
        let parts = key.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.last, isName(name, limit: 63, alsoUnderscore: true) else {
            return false
        }
        guard parts.count == 2 else { return true }
        let labels = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts[0].count <= 253 && labels.allSatisfy { isName($0, limit: 253, alsoUnderscore: false) }
    }

    private static func isName(_ name: ArraySlice<UInt8>, limit: Int, alsoUnderscore: Bool) -> Bool {
        guard let first = name.first, let last = name.last, name.count <= limit else { return false }
        let isAlphanumeric = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): alsoUnderscore
            default: false
            }
        }
        let others: [UInt8] = alsoUnderscore ? Array("-_.".utf8) : Array("-".utf8)
        return isAlphanumeric(first) && isAlphanumeric(last)
            && name.allSatisfy { isAlphanumeric($0) || others.contains($0) }
    }
}

/// Why annotations cannot be put on any object.
public enum ManifestAnnotationFault: Error, Hashable, Sendable {
    case keyIsNoQualifiedName(String)
    case duplicateKey(String)
    case tooMany(limit: Int)
    /// More bytes than Kubernetes allows all annotations of an object together.
    case tooLarge(limit: Int)
}
