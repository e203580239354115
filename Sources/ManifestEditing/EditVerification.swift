/// The guarantee: an edited document holds what it held before, plus the annotations, and nothing else.
struct EditVerification {
    let annotations: [ManifestAnnotation]

    /// - Parameters:
    ///   - edited: the edited document, read anew.
    ///   - original: the document as it came, read with the same digest key.
    ///   - rest: the digest that everything but the metadata must have.
    ///   - isUnannotated: true for an item of a list that is not to be annotated.
    /// - Throws: a refusal at the first object that is not what it should be.
    func verify(
        _ edited: ManifestScan, against original: ManifestScan, rest: EventDigest?,
        isUnannotated: (ObjectSite) -> Bool
    ) throws(EditFault) {
        let start = original.objects[0].mapping.start
        guard edited.rest == rest, edited.objects.count == original.objects.count else {
            throw EditFault(.notVerified, at: start)
        }
        let isList = original.objects[0].items != nil
        for (index, (after, before)) in zip(edited.objects, original.objects).enumerated() {
            let isTarget = isList ? index > 0 && !isUnannotated(before) : true
            let fault = EditFault(.notVerified, at: before.mapping.start)
            guard after.fault == nil, after.metadataDigest == before.metadataDigest,
                after.annotationsDigest == before.annotationsDigest,
                after.metadata?.anchor == before.metadata?.anchor,
                after.annotations?.anchor == before.annotations?.anchor
            else { throw fault }
            guard isTarget else {
                guard after.ours.count == before.ours.count else { throw fault }
                continue
            }
            guard annotations.indices.allSatisfy({ reads(after.ours[$0], as: annotations[$0].value) }) else {
                throw fault
            }
            let limit = ManifestEditor.maximumAnnotationBytes
            guard after.annotationBytes <= max(limit, before.annotationBytes) else {
                throw EditFault(.annotationsTooLarge(limit: limit), at: before.mapping.start)
            }
        }
    }

    private func reads(_ slot: ObjectSite.Slot?, as value: String) -> Bool {
        guard let slot, !slot.isTagged, case .scalar(let text, let style) = slot.form else { return false }
        return text == value && (style != .plain || QuotedText.isPlainText(text))
    }
}
