// The words for what this library refuses, and only here. Each says what is wrong; its hint says what to do next.

extension ManifestRefusal: CustomStringConvertible {
    /// "LINE:COLUMN: CAUSE".
    public var description: String { "\(place): \(cause)" }

    public var cause: String {
        switch reason {
        case .syntax(let words): words
        case .notUTF8: "the text is not UTF-8"
        case .notUTF16: "the text is not whole UTF-16"
        case .outOfMemory: "out of memory"
        case .tooDeep(let limit): "nested deeper than \(limit) levels"
        case .textAfterSeparator: "text stands after the separator ---"
        case .duplicateKey(let key): "the key \"\(key)\" stands here a second time"
        case .unreadableKey: "this key is an alias, a collection or tagged"
        case .keyAlone: "no colon stands directly before this key's value"
        case .alias(let name, let part): "\(part) is the alias *\(name)"
        case .shared(let anchor, let part): "\(part) is anchored as &\(anchor) and used elsewhere as *\(anchor)"
        case .anchoredNull(let anchor): "this null is anchored as &\(anchor)"
        case .mergeKey(let part): "a merge key (<<) may change what \(part) holds"
        case .wrongShape(let part): "\(part) is not what Kubernetes expects there"
        case .unreplaceableValue(let key): "the value of \(key) is not a text that stands on its line"
        case .nestedList: "a list stands inside a list"
        case .itemIsNoObject: "this item of a list is no object"
        case .annotationsTooLarge(let limit): "the object's annotations would be larger than \(limit) bytes"
        case .notVerified: "the annotated document would not read back as the same object"
        }
    }

    /// What the person can do about it.
    public var hint: String {
        switch reason {
        // kubectl's own reader takes a colon before a comma or a bracket (`{key:,}`), libyaml does not.
        case .syntax("found unexpected ':'"): "write a space after this colon"
        case .syntax: "kubectl cannot read this document either; correct it"
        case .notUTF8, .notUTF16: "save the file as UTF-8"
        case .outOfMemory: "split the file into smaller documents"
        case .tooDeep: "write the object with less nesting"
        case .textAfterSeparator: "put the document on the line after ---"
        case .duplicateKey: "keep one of the two"
        case .unreadableKey: "write the key as plain text"
        case .keyAlone: "write a value after the key, or remove the key"
        case .alias, .shared: "write the part out in place of the alias"
        case .anchoredNull: "remove the anchor"
        case .mergeKey: "write the merged keys out"
        case .wrongShape("items"): "write items as a list"
        case .wrongShape: "write it as a mapping, or leave it out"
        case .unreplaceableValue: "remove this annotation, it is written anew"
        case .nestedList: "put the inner list's items into the outer one; kubectl cannot read nested lists either"
        case .itemIsNoObject: "write each item out as an object with apiVersion and kind"
        case .annotationsTooLarge: "shorten the annotations"
        case .notVerified: "write metadata and its annotations in plain block style"
        }
    }
}

extension ManifestAnnotationFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .keyIsNoQualifiedName(let key): "\"\(key)\" is not an annotation's key, did you mean PREFIX/NAME?"
        case .duplicateKey(let key): "the annotation \(key) is given twice, give it once"
        case .tooMany(let limit): "more than \(limit) annotations are given, give fewer"
        case .tooLarge(let limit): "the annotations are larger than \(limit) bytes, shorten them"
        }
    }
}
