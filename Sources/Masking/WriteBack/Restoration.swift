import Vocabulary

/// The restoring of one body: the edits so far, and the fields that they are of.
struct Restoration {
    private let body: [UInt8]
    private let root: PresentObject.Value
    private var edits: [(range: Range<Int>, bytes: [UInt8])] = []
    /// The strings that were restored: where they stand in the body, and what the caller wrote there.
    private(set) var restored: [(path: [Step], text: [UInt8])] = []

    private static let lastApplied = Array("kubectl.kubernetes.io/last-applied-configuration".utf8)

    init(body: [UInt8], root: PresentObject.Value) {
        self.body = body
        self.root = root
    }

    /// The body with its edits.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        var end = 0
        for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            bytes += body[end..<edit.range.lowerBound] + edit.bytes
            end = edit.range.upperBound
        }
        return bytes + body[end...]
    }

    // MARK: values

    /// Restores the masks in a value.
    ///
    /// - Parameters:
    ///   - value: a part of the body.
    ///   - place: what the object has there now; nil where it has nothing.
    ///   - path: the names and indices that lead to it.
    /// - Throws: the first mask that cannot be restored.
    mutating func value(
        _ value: PlacedJSON, _ place: PresentObject.Value?, _ path: [Step]
    ) throws(WriteBack.Fault) {
        switch value.kind {
        case .word: return
        case .string: try string(value, place, path)
        case .array(let elements):
            let places = MergeKey.places(of: elements, body, in: place)
            for (index, element) in elements.enumerated() {
                try self.value(element, places[index], path + [.index(index)])
            }
        case .object(let members):
            for member in members {
                let inside = path + [.member(member.name)]
                guard !RestoredText.stands(in: member.name) else { throw .noPlace(field: Step.text(path)) }
                // A directive of a strategic merge patch is no field: `$patch`, `$setElementOrder/…`.
                var next = member.name.first == UInt8(ascii: "$") ? nil : place?[member.name]
                // What kubectl has not applied before it has read from the object itself.
                if next == nil, member.name == Self.lastApplied, path == [.member("metadata"), .member("annotations")] {
                    try applied(member.value, inside)
                    continue
                }
                if member.name.first == UInt8(ascii: "$") { next = nil }
                try self.value(member.value, next, inside)
            }
        }
    }

    private mutating func string(
        _ value: PlacedJSON, _ place: PresentObject.Value?, _ path: [Step]
    ) throws(WriteBack.Fault) {
        guard let text = value.text(in: body) else { throw .unreadable }
        guard RestoredText.stands(in: text) else { return }
        guard let place else { throw .noValue(field: Step.text(path)) }
        guard let masked = place.maskedText, let plain = place.plainText else {
            throw .otherValue(field: Step.text(path))
        }
        if text == masked {
            // A number or a boolean that was masked was shown as a string: it is a number again.
            edits.append((value.range, Array(place.spelled)))
        } else if let restored = try nested(text, PresentObject.nested(in: place)?.root, path) {
            edits.append((value.range, Self.spelled(restored)))
        } else if let restored = RestoredText.restore(text, masked: masked, plain: plain) {
            edits.append((value.range, Self.spelled(restored)))
        } else {
            throw .otherValue(field: Step.text(path))
        }
        self.restored.append((path, text))
    }

    /// The annotation in which kubectl keeps what it applied, where the object has none yet: its fields are the object's.
    private mutating func applied(_ value: PlacedJSON, _ path: [Step]) throws(WriteBack.Fault) {
        guard let text = value.text(in: body), RestoredText.stands(in: text) else { return }
        guard let restored = try nested(text, root, path) else { throw .noValue(field: Step.text(path)) }
        edits.append((value.range, Self.spelled(restored)))
        self.restored.append((path, text))
    }

    /// Restores the masks of JSON inside a string; nil where it is no JSON, or nothing stands there to restore from.
    private func nested(
        _ text: [UInt8], _ place: PresentObject.Value?, _ path: [Step]
    ) throws(WriteBack.Fault) -> [UInt8]? {
        guard let place, let first = text.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let tree = PlacedJSON(text)
        else { return nil }
        var inside = Restoration(body: text, root: place)
        try inside.value(tree, place, path)
        return inside.bytes
    }

    private static func spelled(_ text: [UInt8]) -> [UInt8] {
        JSON.string(String(decoding: text, as: UTF8.self)).canonicalBytes
    }

    // MARK: operations

    /// Restores the masks in the values of a JSON patch.
    mutating func operations(_ patch: PlacedJSON) throws(WriteBack.Fault) {
        guard let operations = patch.elements else { throw .unreadable }
        var changed: [[String]] = []
        for (index, operation) in operations.enumerated() {
            let path: [Step] = [.index(index), .member("value")]
            let pointer = operation["path"]?.text(in: body).flatMap(JSONPointer.init)
            if let value = operation["value"], RestoredText.stands(in: body[value.range]) {
                // Behind an operation that moved or replaced what is around it, the place is another one.
                guard let pointer, !changed.contains(where: { pointer.isMoved(by: $0) }) else {
                    throw .noPlace(field: Step.text(path))
                }
                try self.value(value, pointer.place(in: root), path)
            }
            guard operation["op"]?.text(in: body) != Array("test".utf8) else { continue }
            for name in ["path", "from"] {
                guard let text = operation[name]?.text(in: body) else { continue }
                guard let pointer = JSONPointer(text) else { throw .unreadable }
                changed.append(pointer.tokens)
            }
        }
    }

    // MARK: the object's state

    /// Binds the write to the state that was restored from.
    mutating func bind(_ tree: PlacedJSON, _ form: WriteBack.Form, to version: [UInt8]) {
        let version = Self.spelled(version)
        guard form != .operations else {
            let operation =
                Array(#"{"op":"replace","path":"/metadata/resourceVersion","value":"#.utf8) + version + Array("}".utf8)
            return insert(operation, atStartOf: tree)
        }
        let member = Array(#""resourceVersion":"#.utf8) + version
        guard let metadata = tree["metadata"], metadata.members != nil else {
            return insert(Array(#""metadata":{"#.utf8) + member + Array("}".utf8), atStartOf: tree)
        }
        guard let said = metadata["resourceVersion"] else { return insert(member, atStartOf: metadata) }
        // The caller's own decides, unless it says that any state will do.
        let text = said.scalar(in: body) ?? []
        if text.isEmpty || text == Array("0".utf8) || text == Array("null".utf8) { edits.append((said.range, version)) }
    }

    private mutating func insert(_ bytes: [UInt8], atStartOf value: PlacedJSON) {
        let isEmpty = value.members?.isEmpty ?? value.elements?.isEmpty ?? true
        let place = value.range.lowerBound + 1
        edits.append((place..<place, bytes + (isEmpty ? [] : [UInt8(ascii: ",")])))
    }
}
