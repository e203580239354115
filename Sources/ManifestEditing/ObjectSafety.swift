/// Says of an object whether annotating it could change anything else, or be changed by anything else.
struct ObjectSafety {
    let scan: ManifestScan

    /// - Throws: the first thing that makes it unsafe.
    func check(_ object: ObjectSite) throws(EditFault) {
        if let fault = object.fault { throw fault }
        if let items = object.items, object.mapping.start != scan.objects[0].mapping.start {
            throw EditFault(.nestedList, at: items.key.start)
        }
        try checkAlias(object.apiVersion, "apiVersion")
        try checkAlias(object.kind, "kind")
        try checkAlias(object.items, "items")
        try checkAlias(object.metadata, "metadata")
        if !scan.anchors.isEmpty { try checkAnchors(of: object) }
        for merge in object.merges {
            let decisive = scan.names.decisive(in: merge.part)
            guard scan.anchors.isMapping(merge.alias, without: decisive) else {
                throw EditFault(.mergeKey(part: merge.part.words), at: merge.place)
            }
        }
    }

    private func checkAlias(_ slot: ObjectSite.Slot?, _ part: String) throws(EditFault) {
        guard let slot, case .alias(let name) = slot.form else { return }
        throw EditFault(.alias(name: name, part: part), at: slot.value.start)
    }

    private func checkAnchors(of object: ObjectSite) throws(EditFault) {
        let list = scan.objects[0]
        let anchored = [
            (list.anchor, "the document", list.mapping.start), (object.anchor, "the object", object.mapping.start),
            (list.items?.anchor, "items", list.items?.value.start),
            (object.metadata?.anchor, "metadata", object.metadata?.value.start),
            (object.annotations?.anchor, "metadata.annotations", object.annotations?.value.start),
        ]
        for case (let anchor?, let part, let place?) in anchored where scan.anchors.isUsed(anchor) {
            throw EditFault(.shared(anchor: scan.anchors.name(of: anchor), part: part), at: place)
        }
    }
}

extension ObjectPart {
    fileprivate var words: String {
        switch self {
        case .object: "the object"
        case .metadata: "metadata"
        case .annotations: "metadata.annotations"
        }
    }
}
