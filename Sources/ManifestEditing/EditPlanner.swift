/// Decides which bytes annotate an object.
struct EditPlanner {
    let annotations: [ManifestAnnotation]
    let insertions: Insertions
    let scan: ManifestScan
    let surroundings: Surroundings

    private var map: CharacterMap { surroundings.map }

    /// - Returns: none where the object carries the annotations already.
    func edits(for object: ObjectSite) throws(EditFault) -> [ByteEdit] {
        try ObjectSafety(scan: scan).check(object)
        let entries = insertions.entries
        let whole = insertions.annotations
        guard let metadata = object.metadata else {
            return [try insert([insertions.metadata], into: object.mapping, within: nil)]
        }
        if case .null = metadata.form { return [try fill(metadata, with: [whole], in: object.mapping, within: nil)] }
        guard let mapping = object.metadataMapping else {
            throw EditFault(.wrongShape(part: "metadata"), at: metadata.value.start)
        }
        guard let slot = object.annotations else {
            return [try insert([whole], into: mapping, within: object.mapping)]
        }
        switch slot.form {
        case .null: return [try fill(slot, with: entries, in: mapping, within: object.mapping)]
        case .alias(let name): return try extend(name, at: slot, with: entries)
        case .scalar, .sequence: throw EditFault(.wrongShape(part: "metadata.annotations"), at: slot.value.start)
        case .mapping: return try complete(object, within: mapping)
        }
    }

    /// Writes what is missing into annotations that are there, and replaces what differs.
    private func complete(_ object: ObjectSite, within metadata: MappingSite) throws(EditFault) -> [ByteEdit] {
        guard let mapping = object.annotationsMapping else { return [] }
        var edits: [ByteEdit] = []
        var missing: [Insertion] = []
        for (index, annotation) in annotations.enumerated() {
            if let slot = object.ours[index] {
                if let edit = try replace(slot, by: annotation) { edits.append(edit) }
            } else {
                missing.append(insertions.entries[index])
            }
        }
        if !missing.isEmpty { edits.append(try insert(missing, into: mapping, within: metadata)) }
        return edits.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private func replace(_ slot: ObjectSite.Slot, by annotation: ManifestAnnotation) throws(EditFault) -> ByteEdit? {
        if case .scalar(let text, let style) = slot.form, text == annotation.value, !slot.isTagged {
            if style != .plain || QuotedText.isPlainText(text) { return nil }
        }
        if let anchor = slot.anchor, scan.anchors.isUsed(anchor) {
            let reason = ManifestRefusal.Reason.shared(anchor: scan.anchors.name(of: anchor), part: annotation.key)
            throw EditFault(reason, at: slot.value.start)
        }
        let range = map.byte(slot.value.start)..<map.byte(slot.value.end)
        switch slot.form {
        case .scalar(_, .block), .mapping, .sequence:
            throw EditFault(.unreplaceableValue(key: annotation.key), at: slot.value.start)
        case .null where range.isEmpty:
            return .insert(try gap(before: slot) + QuotedText.quoted(annotation.value), at: range.lowerBound)
        case .scalar, .null, .alias:
            return ByteEdit(range: range, inserted: QuotedText.quoted(annotation.value))
        }
    }

    /// Before a mapping's first key, where no comment and no other entry is touched; or between its empty braces.
    private func insert(
        _ insertions: [Insertion], into mapping: MappingSite, within outer: MappingSite?
    ) throws(EditFault) -> ByteEdit {
        guard let key = mapping.firstKey else {
            let end = map.byte(mapping.end.end) - 1
            return .insert(style(inside: outer).content(insertions), at: end)
        }
        let entry = surroundings.entry(of: key)
        if mapping.isFlow {
            let style = surroundings.flowStyle(firstKey: key, outerKey: outer?.firstKey)
            return .insert(style.leading(insertions), at: entry.start)
        }
        let style = BlockStyle(
            indent: entry.column, unit: unit(from: outer, to: mapping), newline: surroundings.newline(at: entry.start))
        return .insert(style.text(insertions) + style.lineStart, at: entry.start)
    }

    /// In the place of a null: on lines of its own in a block mapping, in braces in any other, or where the null is
    /// written out.
    private func fill(
        _ slot: ObjectSite.Slot, with insertions: [Insertion], in mapping: MappingSite, within outer: MappingSite?
    ) throws(EditFault) -> ByteEdit {
        if let anchor = slot.anchor {
            throw EditFault(.anchoredNull(anchor: scan.anchors.name(of: anchor)), at: slot.value.start)
        }
        let range = map.byte(slot.value.start)..<map.byte(slot.value.end)
        let flow = mapping.isFlow ? style(of: mapping, within: outer) : .oneLine
        guard range.isEmpty else { return ByteEdit(range: range, inserted: flow.braced(insertions)) }
        let gap = try gap(before: slot)
        if !mapping.isFlow, let end = surroundings.lineEnd(afterValueAt: range.lowerBound) {
            let style = BlockStyle(
                indent: slot.key.column, unit: unit(from: outer, to: mapping),
                newline: surroundings.newline(at: range.lowerBound)
            ).inner
            return .insert(style.lineStart + style.text(insertions), at: end)
        }
        return .insert(gap + flow.braced(insertions), at: range.lowerBound)
    }

    /// `*name` becomes `{<<: *name, ours: …}`, which holds what the alias holds and ours beside it.
    private func extend(
        _ name: String, at slot: ObjectSite.Slot, with entries: [Insertion]
    ) throws(EditFault) -> [ByteEdit] {
        guard scan.anchors.isMapping(name, without: scan.names.decisive(in: .annotations)) else {
            throw EditFault(.alias(name: name, part: "metadata.annotations"), at: slot.value.start)
        }
        return [
            .insert(Array("{<<: ".utf8), at: map.byte(slot.value.start)),
            .insert(
                Array(", ".utf8) + FlowStyle.oneLine.text(entries) + [UInt8(ascii: "}")], at: map.byte(slot.value.end)),
        ]
    }

    /// What is still missing between a key's colon and the value that takes the place of nothing.
    ///
    /// - Returns: a space, or nothing where one stands there.
    /// - Throws: a refusal where there is no colon, as in `{annotations}`.
    private func gap(before slot: ObjectSite.Slot) throws(EditFault) -> [UInt8] {
        let byte = map.byte(slot.value.start)
        let colon = UInt8(ascii: ":")
        guard surroundings.visible(before: byte) == colon else { throw EditFault(.keyAlone, at: slot.key.start) }
        return surroundings.bytes[byte - 1] == colon ? [UInt8(ascii: " ")] : []
    }

    private func style(inside mapping: MappingSite?) -> FlowStyle {
        guard let mapping, mapping.isFlow else { return .oneLine }
        return style(of: mapping, within: nil)
    }

    private func style(of mapping: MappingSite, within outer: MappingSite?) -> FlowStyle {
        guard let key = mapping.firstKey else { return .oneLine }
        return surroundings.flowStyle(firstKey: key, outerKey: outer?.firstKey)
    }

    private func unit(from outer: MappingSite?, to mapping: MappingSite) -> Int {
        guard let outer, !outer.isFlow, let key = mapping.firstKey, let outerKey = outer.firstKey else { return 2 }
        let step = surroundings.entry(of: key).column - surroundings.entry(of: outerKey).column
        return (1...8).contains(step) ? step : 2
    }
}
