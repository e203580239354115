/// Puts present values back where a write carries their masks, so that what was read masked can be written again.
///
/// A mask is restored at one place only: where the object's present value, read by a caller, shows that very mask. A mask that
/// was moved, that stands for an older value, or that is in a new object has nothing to be restored from.
public struct WriteBack {
    /// What a request's body says of the object.
    public enum Form: Hashable, Sendable {
        /// The object itself: PUT.
        case whole
        /// A part of the object: merge patch (RFC 7386), strategic merge patch, server-side apply.
        case part
        /// Operations (RFC 6902).
        case operations

        /// Reads a method, and a media type without parameters in lower case; nil for a write that has no present object, or
        /// whose body is no JSON.
        public init?(method: String, mediaType: String) {
            switch (method, mediaType) {
            case ("PUT", "application/json"): self = .whole
            case ("PATCH", "application/json-patch+json"): self = .operations
            case ("PATCH", "application/merge-patch+json"), ("PATCH", "application/strategic-merge-patch+json"),
                // kubectl and helm write JSON, which is YAML, under this name.
                ("PATCH", "application/apply-patch+yaml"):
                self = .part
            default: return nil
            }
        }
    }

    /// Why a mask cannot be restored.
    public enum Fault: Error, Hashable, Sendable {
        /// The mask at this field is not the one of the field's present value.
        case otherValue(field: String)
        /// There is no value at this field at present.
        case noValue(field: String)
        /// A mask stands in a name, or in a patch's directive.
        case noPlace(field: String)
        /// The body, or the present object, cannot be read.
        case unreadable
    }

    /// A body without masks.
    public struct Restored: Hashable, Sendable {
        public let bytes: [UInt8]
        /// The fields that were restored, as JSONPath writes them, in the order of the body.
        public let fields: [String]
    }

    /// JSON behind the masking rules, as a read of the caller's delivers it; nil where it cannot be masked.
    typealias Masking = ([UInt8]) -> [UInt8]?

    private let present: PresentObject
    private let masking: Masking
    /// The object's `metadata.resourceVersion`.
    private let resourceVersion: [UInt8]?

    /// Takes the object's JSON as the cluster has it, and what masks it as a read does; nil where it is no JSON, or cannot be
    /// masked.
    init?(present: [UInt8], masking: @escaping Masking) {
        guard let masked = masking(present), let object = PresentObject(plain: present, masked: masked) else {
            return nil
        }
        self.present = object
        self.masking = masking
        resourceVersion = object.root["metadata"]?["resourceVersion"]?.plainText
    }

    /// Restores every mask of a body. The object's resourceVersion is added where the body names none, so that nothing is
    /// restored onto another state of the object.
    ///
    /// - Parameters:
    ///   - body: the request's body.
    ///   - form: what it says of the object.
    /// - Returns: the body to forward.
    /// - Throws: the first mask that cannot be restored.
    public func restore(_ body: [UInt8], as form: Form) throws(Fault) -> Restored {
        guard let tree = PlacedJSON(body) else { throw .unreadable }
        var restoration = Restoration(body: body, root: present.root)
        if form == .operations {
            try restoration.operations(tree)
        } else {
            try restoration.value(tree, present.root, [])
        }
        let restored = restoration.bytes
        // Whatever was not understood above must not reach the cluster.
        guard !RestoredText.stands(in: restored) else { throw .noPlace(field: "$") }
        try check(restored, restoration.restored, form)
        if let resourceVersion { restoration.bind(tree, form, to: resourceVersion) }
        return Restored(bytes: restoration.bytes, fields: restoration.restored.map { Step.text($0.path) })
    }

    /// Sees that what was restored is masked for its new surroundings too. Else a caller could write a mask back beside another
    /// name (`COLOR` for `PASSWORD`), and read the value there.
    private func check(
        _ body: [UInt8], _ restored: [(path: [Step], text: [UInt8])], _ form: Form
    ) throws(Fault) {
        guard let tree = PlacedJSON(body) else { throw .unreadable }
        if form == .operations { return try checkOperations(tree, body, restored) }
        guard let maskedBytes = masking(body), let masked = PlacedJSON(maskedBytes) else { throw .unreadable }
        for (path, text) in restored {
            guard let seen = masked.value(at: path[...])?.scalar(in: maskedBytes), RestoredText.isSame(seen, text)
            else {
                throw .noPlace(field: Step.text(path))
            }
        }
    }

    /// Sees the same of a JSON patch, whose values are looked at one by one with nothing beside them.
    private func checkOperations(
        _ tree: PlacedJSON, _ body: [UInt8], _ restored: [(path: [Step], text: [UInt8])]
    ) throws(Fault) {
        for (path, text) in restored {
            guard let operation = tree.value(at: path.prefix(1)), let value = operation["value"],
                let pointer = operation["path"]?.text(in: body).flatMap(JSONPointer.init)
            else { throw .unreadable }
            let steps = pointer.steps(in: present.root)
            let wrapped = pointer.around(Array(body[value.range])) {
                if case .index = steps[$0] { true } else { false }
            }
            let inside = steps.map { if case .index = $0 { Step.index(0) } else { $0 } } + path.dropFirst(2)
            guard let maskedBytes = masking(wrapped), let masked = PlacedJSON(maskedBytes),
                let seen = masked.value(at: inside[...])?.scalar(in: maskedBytes), RestoredText.isSame(seen, text)
            else { throw .noPlace(field: Step.text(path)) }
        }
    }
}
