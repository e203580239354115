/// The guarantee: an edited document holds what it held before, plus the annotations, and nothing else.
struct EditVerification {
    let annotations: [ManifestAnnotation]
    /// The document as it came, read with the same digest key.
    let original: ManifestScan
    /// True for an item of a list that is not to be annotated.
    let isUnannotated: (ObjectSite) -> Bool

    /// Judges what the judging of the items, one by one, has left.
    ///
    /// - Parameters:
    ///   - edited: the edited document, read anew, its items judged by ``fault(of:at:)``.
    ///   - rest: the digest that everything but the metadata must have.
    /// - Throws: a refusal at the first object that is not what it should be.
    func verify(_ edited: ManifestScan, rest: EventDigest?) throws(EditFault) {
        guard edited.rest == rest, let root = edited.objects.first, 1 + edited.judgedItems == original.objects.count
        else {
            throw EditFault(.notVerified, at: original.objects[0].mapping.start)
        }
        if let fault = fault(of: root, at: 0) ?? edited.itemFault { throw fault }
    }

    /// Compares an object of the edited document with the one that stood in its place.
    ///
    /// - Returns: nil where it is what it should be.
    func fault(of after: ObjectSite, at index: Int) -> EditFault? {
        guard original.objects.indices.contains(index) else {
            return EditFault(.notVerified, at: original.objects[0].mapping.start)
        }
        let before = original.objects[index]
        let fault = EditFault(.notVerified, at: before.mapping.start)
        guard after.fault == nil, after.metadataDigest == before.metadataDigest,
            after.annotationsDigest == before.annotationsDigest,
            after.metadata?.anchor == before.metadata?.anchor,
            after.annotations?.anchor == before.annotations?.anchor
        else { return fault }
        let isTarget = original.objects[0].items == nil || index > 0 && !isUnannotated(before)
        guard isTarget else { return after.ours.count == before.ours.count ? nil : fault }
        guard annotations.indices.allSatisfy({ reads(after.ours[$0], as: annotations[$0].value) }) else {
            return fault
        }
        let limit = ManifestEditor.maximumAnnotationBytes
        guard after.annotationBytes <= max(limit, before.annotationBytes) else {
            return EditFault(.annotationsTooLarge(limit: limit), at: before.mapping.start)
        }
        return nil
    }

    private func reads(_ slot: ObjectSite.Slot?, as value: String) -> Bool {
        guard let slot, !slot.isTagged, case .scalar(let text, let style) = slot.form else { return false }
        return text == value && (style != .plain || QuotedText.isPlainText(text))
    }
}
