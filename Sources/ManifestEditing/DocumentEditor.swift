/// Edits one document, and proves the edit.
struct DocumentEditor {
    enum Format { case yaml, json }

    let annotations: [ManifestAnnotation]
    /// True where an edited document is read to its end even if it need not be (see ``Resumption``).
    let verifiesWhole: Bool
    private let insertions: Insertions
    private let names: KeyNames
    private let digestKey = EventDigest.Key()

    init(annotations: [ManifestAnnotation], verifiesWhole: Bool = false) {
        self.annotations = annotations
        self.verifiesWhole = verifiesWhole
        insertions = Insertions(annotations)
        names = KeyNames(annotations)
    }

    struct Result {
        let outcome: EditedDocument.Outcome
        let edits: [ByteEdit]
        /// The edited text; nil where nothing was edited.
        let text: [UInt8]?

        static func unedited(_ outcome: EditedDocument.Outcome) -> Result {
            Result(outcome: outcome, edits: [], text: nil)
        }
    }

    /// Edits the text of one document, which begins on a line of its stream.
    func edit(_ text: UnsafeBufferPointer<UInt8>, as format: Format, line: Int) -> Result {
        let map = format == .yaml ? CharacterMap(ofCodePoints: text) : CharacterMap(ofBytes: text)
        let refusal = { (fault: EditFault) in
            ManifestRefusal(fault.reason, at: map.place(ofByte: map.byte(fault.position), firstLine: line))
        }
        do throws(EditFault) {
            let scan = try scan(text, as: format)
            if let reason = untouched(scan) { return .unedited(.untouched(reason)) }
            let targets = try targets(in: scan)
            let surroundings = Surroundings(bytes: text, map: map, rootKey: scan.objects[0].mapping.firstKey)
            let planner = EditPlanner(
                annotations: annotations, insertions: insertions, scan: scan, surroundings: surroundings)
            var edits: [ByteEdit] = []
            var faults = scan.objects[0].items == nil ? [] : scan.strayItems
            for target in targets {
                do throws(EditFault) { edits += try planner.edits(for: scan.objects[target]) } catch {
                    faults.append(error)
                }
            }
            guard faults.isEmpty else { return .unedited(.refused(faults.map(refusal))) }
            guard !targets.isEmpty else { return .unedited(.untouched(.emptyList)) }
            guard !edits.isEmpty else { return .unedited(.untouched(.alreadyAnnotated)) }
            let edited = text.applying(edits)
            let resumption = verifiesWhole ? nil : Resumption(after: edits, in: scan, surroundings)
            try verify(edited, as: format, against: scan, upTo: resumption)
            return Result(outcome: .annotated(objects: targets.count), edits: edits, text: edited)
        } catch {
            return .unedited(.refused([refusal(error)]))
        }
    }

    private func scan(
        _ text: UnsafeBufferPointer<UInt8>, as format: Format, end: Int? = nil,
        judging judge: ((ObjectSite, Int) -> EditFault?)? = nil
    ) throws(EditFault) -> ManifestScan {
        var scan = ManifestScan(names: names, digestKey: digestKey, end: end, judge: judge)
        switch format {
        case .yaml: try YAMLEventReader.read(text, into: &scan)
        case .json: try JSONEventReader.read(text, into: &scan)
        }
        return scan
    }

    private func untouched(_ scan: ManifestScan) -> EditedDocument.UntouchedReason? {
        if scan.isEmpty { return .empty }
        guard let root = scan.objects.first else { return .notAnObject }
        // A merge could bring in what makes it an object: that is decided later, and refused.
        let isOpaque = root.merges.contains {
            $0.part == .object && !scan.anchors.isMapping($0.alias, without: names.decisive(in: .object))
        }
        if isOpaque { return nil }
        guard let apiVersion = root.apiVersion?.form, let kind = root.kind?.form else { return .notAnObject }
        if case .scalar(let kind, _) = kind, case .scalar(let apiVersion, _) = apiVersion {
            if UnannotatedKinds.contains(kind: kind, apiVersion: apiVersion) { return .notKept(kind: kind) }
            return kind.isEmpty || apiVersion.isEmpty ? .notAnObject : nil
        }
        switch (apiVersion, kind) {
        case (.alias, .alias), (.alias, .scalar), (.scalar, .alias): return nil
        default: return .notAnObject
        }
    }

    /// The objects to annotate: kubectl takes whatever has `items` for a list of objects, whatever its kind.
    private func targets(in scan: ManifestScan) throws(EditFault) -> [Int] {
        let root = scan.objects[0]
        guard let items = root.items else { return [0] }
        // The list itself must be understood too, or its items are not what they seem.
        var list = root
        list.metadata = nil
        list.annotations = nil
        list.merges = root.merges.filter { $0.part == .object }
        try ObjectSafety(scan: scan).check(list)
        guard case .sequence = items.form else { throw EditFault(.wrongShape(part: "items"), at: items.value.start) }
        return scan.objects.indices.dropFirst().filter { !isUnannotated(scan.objects[$0]) }
    }

    private func isUnannotated(_ item: ObjectSite) -> Bool {
        guard case .scalar(let kind, _) = item.kind?.form, case .scalar(let version, _) = item.apiVersion?.form else {
            return false
        }
        return UnannotatedKinds.contains(kind: kind, apiVersion: version)
    }

    private func verify(
        _ edited: [UInt8], as format: Format, against original: ManifestScan, upTo end: Resumption?
    ) throws(EditFault) {
        let verification = EditVerification(annotations: annotations, original: original, isUnannotated: isUnannotated)
        var scanned: ManifestScan?
        edited.withUnsafeBufferPointer { text in
            do throws(EditFault) {
                scanned = try scan(text, as: format, end: end?.editedStart, judging: verification.fault)
            } catch { scanned = nil }
        }
        guard let scanned else { throw EditFault(.notVerified, at: original.objects[0].mapping.start) }
        try verification.verify(scanned, rest: scanned.isDone ? end?.rest : original.rest)
    }
}
