/// Finds the objects of a document and what is needed to annotate them, out of its events, and digests everything else.
struct ManifestScan: EventSink {
    /// How deep collections may nest; libyaml has no limit of its own.
    static let maximumDepth = 200

    /// The document's root, if it is a mapping, then the items of a list.
    private(set) var objects: [ObjectSite] = []
    /// Items that are no mappings.
    private(set) var strayItems: [EditFault] = []
    private(set) var anchors = AnchorTable()
    private(set) var isEmpty = true
    private(set) var isDone = false
    /// Everything but the objects' metadata.
    private(set) var rest: EventDigest

    /// Where the keys of a root in block style stand, each with the digest of all before it.
    private(set) var rootKeys: [RootKey] = []

    let names: KeyNames
    private let digestKey: EventDigest.Key
    /// The root's key before which the scan ends, if it meets it.
    private let end: Int?
    private var frames: [Frame] = []
    /// Judges each item of a list, by its number among the objects, once it is whole; it is not kept then.
    private let judge: ((ObjectSite, Int) -> EditFault?)?
    /// How many items were judged, and what was found about the first that did not pass.
    private(set) var judgedItems = 0
    private(set) var itemFault: EditFault?

    init(
        names: KeyNames, digestKey: EventDigest.Key, end: Int? = nil,
        judge: ((ObjectSite, Int) -> EditFault?)? = nil
    ) {
        self.judge = judge
        self.names = names
        self.digestKey = digestKey
        self.end = end
        rest = EventDigest(key: digestKey)
    }

    struct RootKey {
        let start: Int
        let rest: EventDigest
    }

    /// A collection that is open.
    private struct Frame {
        let role: Role
        let isMapping: Bool
        /// Into which digest its content goes.
        let digest: Digest
        /// The object to which it belongs.
        let object: Int
        /// The number of its anchor.
        let anchor: Int?
        /// True after a mapping's key, until its value is whole.
        var awaitsValue = false
        /// The key before the value, where it is one that matters.
        var name: Int?
        var key = Span(start: 0, end: 0)
        var keys: KeySet = []
    }

    private enum Role {
        case part(ObjectPart)
        case items
        case other
    }

    private enum Digest { case rest, metadata, annotations, none }

    mutating func take(_ event: ManifestEvent) throws(EditFault) {
        isEmpty = false
        if event.kind == .alias { anchors.use(anchors.number(of: event.text)) }
        guard let frame = frames.last else { return try takeRoot(event) }
        switch frame.role {
        case _ where event.kind == .collectionEnd: close(event)
        case .part(let part) where frame.awaitsValue: try takeValue(event, in: part, of: frame)
        case .part(let part): try takeKey(event, in: part, of: frame)
        case .items: try takeItem(event)
        case .other:
            if frame.isMapping, !frame.awaitsValue, frame.anchor != nil, event.kind == .scalar {
                note(event)
            }
            try enter(event, digest: frame.digest)
        }
    }

    private mutating func takeRoot(_ event: ManifestEvent) throws(EditFault) {
        guard event.kind == .mappingStart else { return try enter(event, digest: .rest) }
        try openObject(event)
    }

    private mutating func takeItem(_ event: ManifestEvent) throws(EditFault) {
        guard event.kind == .mappingStart else {
            strayItems.append(EditFault(itemReason(event), at: event.span.start))
            return try enter(event, digest: .rest)
        }
        try openObject(event)
    }

    private func itemReason(_ event: ManifestEvent) -> ManifestRefusal.Reason {
        guard event.kind == .alias else { return .itemIsNoObject }
        return .alias(name: String(decoding: event.text, as: UTF8.self), part: "this item")
    }

    private mutating func openObject(_ event: ManifestEvent) throws(EditFault) {
        let anchor = event.anchor.map { anchors.number(of: $0) }
        objects.append(
            ObjectSite(
                mapping: MappingSite(start: event.span.start, isFlow: event.isFlow, end: event.span), anchor: anchor,
                metadataDigest: EventDigest(key: digestKey), annotationsDigest: EventDigest(key: digestKey)))
        try enter(event, digest: .rest, role: .part(.object), object: objects.count - 1)
    }

    // MARK: an object's own mappings

    private mutating func takeKey(_ event: ManifestEvent, in part: ObjectPart, of frame: Frame) throws(EditFault) {
        if frames.count == 1, !objects[0].mapping.isFlow {
            guard event.span.start != end else { return isDone = true }
            rootKeys.append(RootKey(start: event.span.start, rest: rest))
        }
        noteFirstKey(event.span, in: part, of: frame.object)
        guard event.kind == .scalar, event.tag?.elementsEqual(Self.textTag) ?? true else {
            fail(.unreadableKey, at: event.span.start, frame.object)
            return try enter(event, digest: frame.digest)
        }
        let name = note(event)
        // What belongs to a part of its own is digested there, with its value.
        let isOwnPart =
            switch part {
            case .object: name == KeyNames.metadata
            case .metadata: name == KeyNames.annotations
            case .annotations: name.map { $0 >= KeyNames.firstOfOurs } ?? false
            }
        if part == .annotations { objects[frame.object].annotationBytes += event.text.count }
        try enter(event, digest: isOwnPart ? .none : frame.digest)
    }

    private mutating func takeValue(
        _ event: ManifestEvent, in part: ObjectPart, of frame: Frame
    ) throws(EditFault) {
        if part == .annotations, event.kind == .scalar { objects[frame.object].annotationBytes += event.text.count }
        guard let name = frame.name else { return try enter(event, digest: frame.digest) }
        switch (part, name) {
        case (_, KeyNames.merge):
            let alias = event.kind == .alias ? String(decoding: event.text, as: UTF8.self) : nil
            objects[frame.object].merges.append(.init(part: part, place: event.span.start, alias: alias))
        case (.object, KeyNames.metadata): return try takeMetadata(event, of: frame)
        case (.metadata, KeyNames.annotations): return try takeAnnotations(event, of: frame)
        case (.object, KeyNames.apiVersion): keep(event, of: frame, as: \.apiVersion)
        case (.object, KeyNames.kind): keep(event, of: frame, as: \.kind)
        case (.object, KeyNames.items):
            keep(event, of: frame, as: \.items)
            if event.kind == .sequenceStart, frame.object == 0 {
                return try enter(event, digest: .rest, role: .items)
            }
        case (.annotations, KeyNames.firstOfOurs...):
            let ours = name - KeyNames.firstOfOurs
            if objects[frame.object].ours[ours] != nil { failDuplicate(of: frame) }
            objects[frame.object].ours[ours] = slot(event, of: frame)
            return try enter(event, digest: .none)
        default: break
        }
        try enter(event, digest: frame.digest)
    }

    private mutating func takeMetadata(_ event: ManifestEvent, of frame: Frame) throws(EditFault) {
        keep(event, of: frame, as: \.metadata)
        // Metadata that is null and metadata that is not there are one and the same to Kubernetes.
        if event.isNull { return try enter(event, digest: .none) }
        guard event.kind == .mappingStart else { return try enter(event, digest: .metadata) }
        objects[frame.object].metadataMapping = MappingSite(
            start: event.span.start, isFlow: event.isFlow, end: event.span)
        try enter(event, digest: .metadata, role: .part(.metadata), object: frame.object)
    }

    private mutating func takeAnnotations(_ event: ManifestEvent, of frame: Frame) throws(EditFault) {
        keep(event, of: frame, as: \.annotations)
        if event.isNull { return try enter(event, digest: .none) }
        if event.kind == .alias {
            // `*name` and `{<<: *name}` hold the same.
            Self.mergeKey.withUnsafeBufferPointer { text in
                objects[frame.object].annotationsDigest.add(ManifestEvent(kind: .scalar, text: text, span: event.span))
            }
        }
        guard event.kind == .mappingStart else { return try enter(event, digest: .annotations) }
        objects[frame.object].annotationsMapping = MappingSite(
            start: event.span.start, isFlow: event.isFlow, end: event.span)
        try enter(event, digest: .annotations, role: .part(.annotations), object: frame.object)
    }

    private static let mergeKey = Array("<<".utf8)
    /// What libyaml makes of `!!str`.
    private static let textTag = Array("tag:yaml.org,2002:str".utf8)

    private mutating func keep(
        _ event: ManifestEvent, of frame: Frame, as part: WritableKeyPath<ObjectSite, ObjectSite.Slot?>
    ) {
        if objects[frame.object][keyPath: part] != nil { failDuplicate(of: frame) }
        objects[frame.object][keyPath: part] = slot(event, of: frame)
    }

    private mutating func slot(_ event: ManifestEvent, of frame: Frame) -> ObjectSite.Slot {
        let text = { String(decoding: event.text, as: UTF8.self) }
        let form: ObjectSite.Form =
            switch event.kind {
            case .scalar: event.isNull ? .null : .scalar(text(), event.style)
            case .alias: .alias(text())
            case .mappingStart: .mapping
            case .sequenceStart, .collectionEnd: .sequence
            }
        return ObjectSite.Slot(
            key: frame.key, value: event.span, form: form, anchor: event.anchor.map { anchors.number(of: $0) },
            isTagged: event.tag != nil)
    }

    private mutating func failDuplicate(of frame: Frame) {
        fail(.duplicateKey(frame.name.map(names.text) ?? ""), at: frame.key.start, frame.object)
    }

    private mutating func fail(_ reason: ManifestRefusal.Reason, at unit: Int, _ object: Int) {
        if objects[object].fault == nil { objects[object].fault = EditFault(reason, at: unit) }
    }

    private mutating func noteFirstKey(_ span: Span, in part: ObjectPart, of object: Int) {
        switch part {
        case .object where objects[object].mapping.firstKey == nil: objects[object].mapping.firstKey = span
        case .metadata where objects[object].metadataMapping?.firstKey == nil:
            objects[object].metadataMapping?.firstKey = span
        case .annotations where objects[object].annotationsMapping?.firstKey == nil:
            objects[object].annotationsMapping?.firstKey = span
        default: break
        }
    }

    // MARK: every collection

    /// Remembers a key for its value, and in its mapping's set.
    @discardableResult
    private mutating func note(_ event: ManifestEvent) -> Int? {
        let name = names.name(of: event.text)
        let last = frames.count - 1
        frames[last].name = name
        frames[last].key = event.span
        if let name { frames[last].keys.insert(name) }
        return name
    }

    /// Digests an event; a collection is open from here on, anything else is whole.
    private mutating func enter(
        _ event: ManifestEvent, digest: Digest, role: Role = .other, object: Int = 0
    ) throws(EditFault) {
        // The mappings of metadata are told apart by their content alone: an empty one is like none.
        if case .part(.metadata) = role {} else if case .part(.annotations) = role {} else { add(event, to: digest) }
        guard event.kind == .mappingStart || event.kind == .sequenceStart else {
            if let anchor = event.anchor { anchors.define(anchors.number(of: anchor), mappingWith: nil) }
            return complete()
        }
        guard frames.count < Self.maximumDepth else {
            throw EditFault(.tooDeep(limit: Self.maximumDepth), at: event.span.start)
        }
        let owner = if case .part = role { object } else { frames.last?.object ?? 0 }
        frames.append(
            Frame(
                role: role, isMapping: event.kind == .mappingStart, digest: digest, object: owner,
                anchor: event.anchor.map { anchors.number(of: $0) }))
    }

    private mutating func close(_ event: ManifestEvent) {
        guard let frame = frames.popLast() else { return }
        switch frame.role {
        case .part(.object):
            objects[frame.object].mapping.end = event.span
            add(event, to: frame.digest, of: frame.object)
            if frame.object > 0, let judge, let item = objects.popLast() {
                judgedItems += 1
                itemFault = itemFault ?? judge(item, judgedItems)
            }
        case .part(.metadata): objects[frame.object].metadataMapping?.end = event.span
        case .part(.annotations): objects[frame.object].annotationsMapping?.end = event.span
        case .items, .other: add(event, to: frame.digest, of: frame.object)
        }
        if let anchor = frame.anchor { anchors.define(anchor, mappingWith: frame.isMapping ? frame.keys : nil) }
        complete()
    }

    /// A key or a value of the innermost mapping is whole.
    private mutating func complete() {
        guard let last = frames.indices.last, frames[last].isMapping else { return }
        if frames[last].awaitsValue { frames[last].name = nil }
        frames[last].awaitsValue.toggle()
    }

    private mutating func add(_ event: ManifestEvent, to digest: Digest) {
        add(event, to: digest, of: frames.last?.object ?? 0)
    }

    private mutating func add(_ event: ManifestEvent, to digest: Digest, of object: Int) {
        switch digest {
        case .rest: rest.add(event)
        case .metadata: objects[object].metadataDigest.add(event)
        case .annotations: objects[object].annotationsDigest.add(event)
        case .none: break
        }
    }
}
